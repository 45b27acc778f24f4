package io.syncjobs.core.worker;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a page of HTML says about an error. */
record Page(String title, String preformatted) {
    /** Titles that say nothing. */
    private static final List<String> PLAIN = List.of("", "error", "error response");

    private static final Map<String, String> NAMED = Map.of(
            "&nbsp;", " ", "&lt;", "<", "&gt;", ">", "&quot;", "\"", "&apos;", "'", "&#39;", "'", "&#x27;", "'",
            "&#34;", "\"");

    static Page of(String html) {
        var title = String.join(
                " ", element(html, "title").lines().map(String::strip).toList());
        return new Page(title.strip(), element(html, "pre"));
    }

    /** The title, or the preformatted text where the title says nothing. */
    String told() {
        var said = PLAIN.contains(title.toLowerCase(Locale.ROOT)) && !preformatted.isEmpty() ? preformatted : title;
        return said.isEmpty() ? "a page of HTML" : said;
    }

    /** The text in the first element of this name. */
    static String element(String html, String name) {
        var lower = html.toLowerCase(Locale.ROOT);
        // Some letters have another length in small.
        if (lower.length() != html.length()) return "";
        var open = lower.indexOf("<" + name);
        var from = open < 0 ? -1 : lower.indexOf('>', open) + 1;
        var to = from <= 0 ? -1 : lower.indexOf("</" + name, from);
        return to < 0 ? "" : plain(html.substring(from, to)).strip();
    }

    /** The text without its tags. */
    private static String plain(String html) {
        var text = new StringBuilder(html.length());
        for (var at = 0; at < html.length(); at++) {
            var end = html.charAt(at) == '<' ? html.indexOf('>', at) : -1;
            if (end < 0) {
                text.append(html.charAt(at));
                continue;
            }
            if (html.regionMatches(true, at, "<br", 0, 3)) text.append('\n');
            at = end;
        }
        var read = text.toString();
        for (var one : NAMED.entrySet()) read = read.replace(one.getKey(), one.getValue());
        return read.replace("&amp;", "&");
    }
}
