package dev.exeat.it.faults;

import java.util.List;

/**
 * The five counts that must be zero, whatever happens.
 *
 * @param octets connections that seemed to end in order though octets were missing or wrong
 * @param writes acknowledged changes that are gone
 * @param certificates handed out and not in the ledger, or with a serial number used twice
 * @param records connections without a record, or with more than one
 * @param verdicts that no version of the policy gives
 * @param details the first of each, for people
 */
record Losses(long octets, long writes, long certificates, long records, long verdicts, List<String> details) {
    boolean none() {
        return octets + writes + certificates + records + verdicts == 0;
    }

    @Override
    public String toString() {
        return octets + " " + writes + " " + certificates + " " + records + " " + verdicts;
    }
}
