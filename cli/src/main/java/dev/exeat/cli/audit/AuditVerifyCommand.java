package dev.exeat.cli.audit;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.options.SpiffeIdConverter;
import dev.exeat.flow.audit.AuditVerifier;
import dev.exeat.flow.audit.AuditVerifier.Kind;
import dev.exeat.flow.audit.Checkpoint;
import dev.exeat.identity.InvalidBundleException;
import dev.exeat.identity.TrustBundle;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code exeat audit verify}. */
@Command(
        name = "verify",
        description = "Say whether the lines of a sealed log are as the gateway wrote them.",
        footer = {
            "",
            "Reads everything once. What the gateway signed is held against the bundle as of the time of each checkpoint.",
            "That the newest records were cut off shows in nothing that is left: compare the newest checkpoint with one",
            "that you keep elsewhere.",
            "Exit code 0 if nothing was altered, 1 if something was, 3 if that cannot be told."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class AuditVerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "DIR", description = "The directory of a sealed log.")
    private Path directory;

    @Option(
            names = "--bundle",
            paramLabel = "F",
            required = true,
            description = "PEM certificates that vouch for the gateway, the bundle.pem of its trust domain.")
    private Path bundle;

    @Option(
            names = "--trust-domain",
            paramLabel = "TD",
            defaultValue = "cluster.local",
            description = "The SPIFFE trust domain of the bundle (${DEFAULT-VALUE}).")
    private String trustDomain;

    @Option(
            names = "--signer",
            paramLabel = "SPIFFE_ID",
            converter = SpiffeIdConverter.class,
            description = "Take signatures of this identity alone. Repeatable.")
    private List<SpiffeId> allowed = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people; json: an object (${DEFAULT-VALUE}).")
    private Output output;

    /** How the result is printed. */
    enum Output {
        TEXT,
        JSON
    }

    @Override
    public Integer call() {
        SealSigners signers = new SealSigners(roots(), allowed);
        AuditVerifier.Result result = verify(signers);
        if (result.segments() == 0 && result.findings().isEmpty()) {
            throw new CommandFailure(ExitCode.UNKNOWN, directory + " holds no segments of a sealed log");
        }
        switch (output) {
            case TEXT -> print(result, signers);
            case JSON -> command.commandLine().getOut().println(json(result, signers));
        }
        if (result.has(Kind.ALTERED)) {
            return ExitCode.FAILED;
        }
        return result.has(Kind.UNKNOWN) ? ExitCode.UNKNOWN : ExitCode.OK;
    }

    private TrustBundle roots() {
        try {
            SpiffeId.checkTrustDomain(trustDomain);
            return TrustBundle.fromPem(trustDomain, Files.readString(bundle));
        } catch (InvalidNameException e) {
            throw new ParameterException(
                    command.commandLine(), "Invalid value for option '--trust-domain': " + e.getMessage());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, bundle + " cannot be read: " + reason(e));
        } catch (InvalidBundleException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, bundle + ": " + e.getMessage());
        }
    }

    private AuditVerifier.Result verify(SealSigners signers) {
        try {
            return AuditVerifier.verify(directory, signers);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, directory + " cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private void print(AuditVerifier.Result result, SealSigners signers) {
        PrintWriter out = command.commandLine().getOut();
        for (AuditVerifier.Finding finding : result.findings()) {
            out.println(
                    label(finding.kind()) + " segment " + finding.segment() + ": " + Printable.of(finding.message()));
        }
        out.println(result.lines() + " records in " + result.segments() + " segments are sealed by "
                + result.checkpoints() + " checkpoints"
                + (signers.signers().isEmpty() ? "" : " of " + String.join(", ", signers.signers())));
        Checkpoint newest = result.newest();
        if (newest != null) {
            out.println("the newest is of " + newest.time() + ": segment " + newest.segment() + ", record "
                    + newest.lines() + ", " + newest.hexHash());
        }
        out.println(verdict(result));
    }

    private static String label(Kind kind) {
        return switch (kind) {
            case ALTERED -> "ALTERED ";
            case UNKNOWN -> "UNKNOWN ";
            case NOTE -> "note    ";
        };
    }

    private static String verdict(AuditVerifier.Result result) {
        if (result.has(Kind.ALTERED)) {
            return "records were altered";
        }
        return result.has(Kind.UNKNOWN) ? "whether records were altered cannot be told" : "nothing was altered";
    }

    private static String json(AuditVerifier.Result result, SealSigners signers) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("intact", !result.has(Kind.ALTERED) && !result.has(Kind.UNKNOWN));
        fields.put("segments", result.segments());
        fields.put("records", result.lines());
        fields.put("checkpoints", result.checkpoints());
        fields.put("signers", List.copyOf(signers.signers()));
        Checkpoint newest = result.newest();
        if (newest != null) {
            Map<String, Object> last = new LinkedHashMap<>();
            last.put("time", newest.time().toString());
            last.put("segment", newest.segment());
            last.put("record", newest.lines());
            last.put("hash", newest.hexHash());
            fields.put("newest", last);
        }
        fields.put(
                "findings",
                result.findings().stream()
                        .map(finding -> Map.of(
                                "kind", finding.kind().name().toLowerCase(Locale.ROOT),
                                "segment", finding.segment(),
                                "message", finding.message()))
                        .toList());
        return JsonMapper.shared().writeValueAsString(fields);
    }
}
