package dev.exeat.policy.lint;

import com.google.re2j.Pattern;
import dev.exeat.model.Cidr;
import dev.exeat.model.IpAddress;
import dev.exeat.policy.EntryType;
import dev.exeat.policy.manifest.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An entry of a {@code listchecker} that another entry of the list covers. */
final class CoveredListEntry implements LintCheck {
    /** Expressions that one list may have tried against its other entries. */
    private static final int MAX_TRIED = 200;

    @Override
    public String code() {
        return "covered-list-entry";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        for (SpecView object : subject.objects()) {
            ListEntries list = ListEntries.of(object);
            if (list == null) {
                continue;
            }
            switch (list.type()) {
                case STRINGS, CASE_INSENSITIVE_STRINGS -> texts(list, findings);
                case IP_ADDRESSES -> blocks(list, findings);
                case REGEX -> patterns(list, findings);
            }
        }
    }

    private static void texts(ListEntries list, Consumer<Finding> findings) {
        Map<String, Field> seen = new HashMap<>();
        for (Field item : list.items()) {
            String text = list.params().text(item);
            if (text == null) {
                continue;
            }
            String key = list.type() == EntryType.STRINGS ? text : text.toLowerCase(Locale.ROOT);
            Field first = seen.putIfAbsent(key, item);
            if (first != null) {
                tell(list, item, text, "it stands in the list before (" + first.path() + ")", findings);
            }
        }
    }

    private static void blocks(ListEntries list, Consumer<Finding> findings) {
        Map<Cidr, Field> blocks = new HashMap<>();
        for (Field item : list.items()) {
            String text = list.params().text(item);
            if (text != null) {
                blocks.putIfAbsent(network(Cidr.parse(text)), item);
            }
        }
        for (Field item : list.items()) {
            String text = list.params().text(item);
            Field wider = text == null ? null : wider(network(Cidr.parse(text)), item, blocks);
            if (text != null && wider != null) {
                tell(list, item, text, list.params().text(wider) + " holds it", findings);
            }
        }
    }

    private static @Nullable Field wider(Cidr block, Field item, Map<Cidr, Field> blocks) {
        for (int prefix = block.prefix(); prefix >= 0; prefix--) {
            Field other = blocks.get(network(new Cidr(block.address(), prefix)));
            if (other != null && !other.path().equals(item.path())) {
                return other;
            }
        }
        return null;
    }

    /** The block with the address at which it begins. */
    private static Cidr network(Cidr block) {
        byte[] octets = new byte[block.address().isV4() ? 4 : 16];
        for (int i = 0; i < octets.length; i++) {
            int bits = Math.clamp(block.prefix() - i * 8L, 0, 8);
            octets[i] = (byte) (block.address().octet(i) & (0xff00 >> bits));
        }
        return new Cidr(IpAddress.of(octets), block.prefix());
    }

    private static void patterns(ListEntries list, Consumer<Finding> findings) {
        List<Field> items = list.items().stream().limit(MAX_TRIED).toList();
        List<Pattern> patterns = new ArrayList<>();
        for (Field item : items) {
            String text = list.params().text(item);
            patterns.add(Pattern.compile(text == null ? "" : text));
        }
        for (int i = 0; i < items.size(); i++) {
            String literal = literal(patterns.get(i).pattern());
            for (int j = 0; j < items.size(); j++) {
                String other = patterns.get(j).pattern();
                boolean same = other.equals(patterns.get(i).pattern());
                boolean covers = literal != null
                        && literal(other) == null
                        && patterns.get(j).matcher(literal).find();
                if (i != j && !other.isEmpty() && (same ? j < i : covers)) {
                    tell(list, items.get(i), patterns.get(i).pattern(), other + " matches it too", findings);
                    break;
                }
            }
        }
    }

    /** The one text that an anchored expression matches; null where it matches others. */
    private static @Nullable String literal(String pattern) {
        if (!pattern.startsWith("^") || !pattern.endsWith("$")) {
            return null;
        }
        String inner =
                pattern.substring(1, pattern.length() - 1).replace("\\.", ".").replace("[.]", ".");
        boolean bare = pattern.replace("\\.", "").replace("[.]", "").indexOf('.') >= 0;
        return bare || !inner.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_')
                ? null
                : inner;
    }

    private static void tell(ListEntries list, Field item, String text, String why, Consumer<Finding> findings) {
        findings.accept(
                Finding.at(list.object().key(), item, "the entry " + text + " adds nothing: " + why, "remove it"));
    }
}
