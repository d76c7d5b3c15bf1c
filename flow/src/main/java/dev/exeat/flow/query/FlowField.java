package dev.exeat.flow.query;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What of a connection can be asked for. */
public enum FlowField {
    /** A SPIFFE ID, or {@code namespace/account}; {@code *} stands for any text. */
    IDENTITY(flow -> List.of(flow.who().identity(), flow.who().shortName())),
    NAMESPACE(flow -> List.of(flow.who().namespace())),
    /** The server name of the ClientHello, else the CONNECT's; {@code *.example.com} for all below a name. */
    HOST(flow -> List.of(flow.what().host())),
    PORT(flow -> List.of(Integer.toString(flow.what().port()))),
    /** {@code allowed}, {@code denied}, {@code failed}, or {@code would-deny} for what passed only because of an audit. */
    VERDICT(flow -> List.of(flow.verdict().code(), flow.outcome())),
    REASON(flow -> List.of(flow.reason())),
    /** The object that decided, as {@code kind/namespace/name}, {@code namespace/name} or {@code name}. */
    RULE(flow -> List.of(
            flow.rule().toString(),
            flow.rule().namespace() + "/" + flow.rule().name(),
            flow.rule().name())),
    /** The verdict of the shadow's policies where it is another, and {@code differs} for any that is. */
    SHADOW_SAYS(flow -> flow.shadow().differs() ? List.of(flow.shadow().verdict(), "differs") : List.of()),
    /** The beginning of the policy's digest. */
    POLICY(flow -> List.of(flow.digest())),
    ECH(flow -> List.of(Boolean.toString(flow.hello().ech()))),
    PQ(flow -> List.of(Boolean.toString(flow.hello().postQuantum()))),
    /** A version that the ClientHello offers, as in {@code TLSv1.2}. */
    TLS(flow -> flow.hello().versions()),
    /** {@code open} for one that is carried now, {@code final} for one that has ended. */
    EVENT(flow -> List.of(flow.event().code())),
    FLAG(flow -> List.of(flow.ending().flag())),
    ADDRESS(flow -> List.of(flow.who().address())),
    ID(flow -> List.of(flow.id()));

    @SuppressWarnings("ImmutableEnumChecker") // Every function here is one without state.
    private final Function<Flow, List<String>> texts;

    FlowField(Function<Flow, List<String>> texts) {
        this.texts = texts;
    }

    /** What of the flow a value is held against; one that fits is enough. */
    List<String> of(Flow flow) {
        return texts.apply(flow);
    }

    /** As in the options of commands. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
