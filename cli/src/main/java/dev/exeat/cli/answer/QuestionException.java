package dev.exeat.cli.answer;

/** What is asked is no attempt; the message says why, for people. */
public final class QuestionException extends IllegalArgumentException {
    QuestionException(String message) {
        super(message);
    }
}
