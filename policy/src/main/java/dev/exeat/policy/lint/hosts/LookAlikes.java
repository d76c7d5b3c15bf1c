package dev.exeat.policy.lint.hosts;

import java.lang.Character.UnicodeScript;
import java.net.IDN;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which names a person may take for another. Letters of other scripts are told from their look-alikes by the confusables
 * data of Unicode 17.0 (UTS #39), as far as they may stand in an A-label and look like a letter or digit of a host name;
 * labels of several scripts by the level "highly restrictive" of its section 5.2.
 *
 * @see <a href="https://www.unicode.org/reports/tr39/">UTS #39</a>
 */
public final class LookAlikes {
    /** A letter or digit, and the code points that look like it. Copyright Unicode, Inc.; see unicode.org/terms_of_use.html. */
    private static final String CONFUSABLES = """
            0 07c0 0b20 0ce6 12d0 2d54 a4f3 10292 102ab 10516 118e0
            2 14bf
            3 0969 0ae9 118ca 16f3b
            4 13ce
            6 0431 13ee 2cd3 118d5
            7 118c6
            8 0223 09ea 0a6a 1031a
            9 09ed 0a67 0b68 0d6d 2ccb 118cc 118d6
            a 0251 03b1 0430
            b 13cf 1472 15af
            c 0441 1004 105a 1d04 2ca5 1043d
            d 0501 13e7 146f a4d2
            e 0435 04bd ab32
            f 0192 0584 1e9d a799 ab35
            g 018d 0261 0581 1d83
            h 04bb 0570 13c2
            i 0131 0269 026a 03b9 0456 0582 13a5 2c93 a647 118c3
            j 03f3 0458
            l 01c0 04cf 05d5 05df 0627 0661 06f1 07ca 16c1 2d4f a4f2 1028a 10309 16f28
            m 11700 118e3
            n 0578 057c
            o 03bf 03c3 03ed 043e 0585 05e1 0647 0665 06be 06c1 06d5 06f5 0966 09e6 0a66 0ae6 0b66 0be6 0c66
            o 0d20 0d66 0e50 0ed0 101d 1040 10ff 17e0 1d0f 1d11 2c9f ab3d 1042c 104ea 114d0 118c8 118d7
            p 00fe 01bf 03c1 03f8 0440 2ca3 2ccf
            q 051b 0563 0566
            r 0433 1d26 2c85 ab47 ab48
            s 01bd 0455 0d1f a731 10448 118c1
            u 028b 03c5 057d 1d1c a79f ab4e ab52 104f6 118d8
            v 03bd 0475 05d8 1d20 11706 118c0
            w 026f 0448 0461 051d 0561 1d21 2cbd 1170a 1170e 1170f
            x 0445 1541 157d
            y 0263 028f 03b3 0443 04af 10e7 1d8c 1eff 2ca9 ab5a 118dc
            z 1d22 118c4
            """;

    private static final Map<Integer, Character> ASCII = ascii();
    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    private LookAlikes() {}

    private static Map<Integer, Character> ascii() {
        Map<Integer, Character> ascii = new HashMap<>();
        CONFUSABLES.lines().forEach(line -> {
            for (String code : line.substring(2).split(" ")) {
                ascii.put(Integer.parseInt(code, 16), line.charAt(0));
            }
        });
        return Map.copyOf(ascii);
    }

    /** The name as people see it, with U-labels. */
    public static String unicode(String name) {
        return IDN.toUnicode(name, IDN.ALLOW_UNASSIGNED);
    }

    /** The scripts of a label, told for people, where they do not belong together; null where they do. */
    public static @Nullable String mixture(String label) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        label.codePoints().forEach(c -> scripts.add(UnicodeScript.of(c)));
        scripts.removeAll(EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED));
        if (scripts.size() < 2 || TOGETHER.stream().anyMatch(together -> together.containsAll(scripts))) {
            return null;
        }
        return told(scripts);
    }

    private static String told(Collection<UnicodeScript> scripts) {
        Set<String> names = new TreeSet<>();
        for (UnicodeScript script : scripts) {
            String name = script.name();
            names.add(name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT));
        }
        return String.join(" and ", names);
    }

    /** The plain label that one in other letters looks like; null where it looks like none, or is plain itself. */
    public static @Nullable String plain(String label) {
        StringBuilder plain = new StringBuilder();
        boolean foreign = false;
        for (int c : label.codePoints().toArray()) {
            Character like = ASCII.get(c);
            if (c >= 128 && like == null) {
                return null;
            }
            foreign |= c >= 128;
            plain.append(like == null ? (char) c : like);
        }
        return foreign ? plain.toString() : null;
    }

    /** The same for names that look alike in many typefaces, in plain letters or not. */
    public static String skeleton(String name) {
        StringBuilder skeleton = new StringBuilder();
        unicode(name).codePoints().forEach(c -> {
            Character like = ASCII.get(c);
            int plain = like == null ? c : like;
            skeleton.appendCodePoint(plain == '0' ? 'o' : plain == '1' ? 'l' : plain);
        });
        return skeleton.toString().replace("rn", "m").replace("vv", "w");
    }
}
