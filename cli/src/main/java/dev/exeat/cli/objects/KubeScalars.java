package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes text so that readers of YAML 1.1 take it for text, too: quoted where it reads as another type there. */
final class KubeScalars extends StandardRepresenter {
    private static final Set<String> WORDS =
            Set.of("", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", ".nan", ".inf", "-.inf");
    private static final Pattern NUMBER = Pattern.compile(
            "[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?|\\.[0-9_]+([eE][-+]?[0-9]+)?"
                    + "|[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?)");
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\\s]+[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?");

    KubeScalars(DumpSettings settings) {
        super(settings);
        representers.put(String.class, data -> text((String) data));
    }

    private Node text(String text) {
        return representScalar(Tag.STR, text, style(text));
    }

    private static ScalarStyle style(String text) {
        boolean steers = !Printable.of(text.replace("\n", "")).equals(text.replace("\n", ""));
        if (steers) {
            return ScalarStyle.DOUBLE_QUOTED;
        }
        if (text.indexOf('\n') >= 0) {
            return ScalarStyle.LITERAL;
        }
        boolean otherType = WORDS.contains(text.toLowerCase(Locale.ROOT))
                || NUMBER.matcher(text).matches()
                || TIME.matcher(text).matches();
        return otherType ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN;
    }
}
