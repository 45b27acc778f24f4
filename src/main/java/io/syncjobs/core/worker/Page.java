package io.syncjobs.core.worker;

import io.syncjobs.core.trace.Entities;
import java.util.List;
import java.util.Locale;

/**
 * What a page of HTML says about an error.
 *
 * @param type the class of the error, if the page is one of a debugger
 * @param said what it says, or else what the page says
 * @param preformatted the text that the page shows as it is, often a trace; empty if there is none
 */
record Page(String type, String said, String preformatted) {
    /** Titles that say nothing. */
    private static final List<String> PLAIN = List.of("", "error", "error response");

    private static final String TOMCAT = "HTTP Status ";
    private static final String TOMCAT_MESSAGE = "<p><b>Message</b>";

    /**
     * True for a page of HTML, or a part of one.
     *
     * @param called true if the answer calls itself HTML; PHP does so of every text, and others do not even of a page
     */
    static boolean isOne(String text, boolean called) {
        return (called && text.startsWith("<"))
                || text.regionMatches(true, 0, "<!doctype html", 0, 14)
                || text.regionMatches(true, 0, "<html", 0, 5);
    }

    static Page of(String html) {
        var title = onOneLine(element(html, "title"));
        var heading = onOneLine(element(html, "h1"));
        var preformatted = element(html, "pre");
        var atPath = nameBefore(title, " at /");
        if (!atPath.isEmpty() && !preformatted.isEmpty()) return new Page(atPath, preformatted, preformatted);
        var inAction = heading.contains("#") ? nameBefore(heading, " in ") : "";
        if (!inAction.isEmpty()) return new Page(inAction, onOneLine(element(html, "h2")), preformatted);
        var plain = PLAIN.contains(title.toLowerCase(Locale.ROOT));
        var body = plain && preformatted.isEmpty() && !html.contains("<script") ? onOneLine(element(html, "body")) : "";
        var said = plain && !preformatted.isEmpty() ? preformatted : title;
        if (!body.isEmpty() || !said.isEmpty())
            return new Page("", body.isEmpty() ? withReason(said, html) : body, preformatted);
        // PHP prints an error as a part of a page.
        var part = html.contains("<script") ? "" : plain(html).strip();
        return new Page("", onOneLine(part), part);
    }

    /** Of an error that somebody raised with a text of his own, the title has the status and the page the text. */
    private static String withReason(String title, String html) {
        var status = title.startsWith(TOMCAT) ? title.substring(TOMCAT.length()) : title;
        var digits = status.chars().takeWhile(c -> c >= '0' && c <= '9').count();
        if (digits != 3) return title;
        var at = html.indexOf(TOMCAT_MESSAGE);
        var reason = onOneLine(element(at < 0 ? html : "<p>" + html.substring(at + TOMCAT_MESSAGE.length()), "p"));
        return reason.isEmpty() ? title : title + ": " + reason;
    }

    /** {@code KeyError at /push} and {@code KeyError in PushController#create}: so Django and Rails head their pages. */
    private static String nameBefore(String heading, String place) {
        var end = heading.indexOf(place);
        return end > 0 && heading.indexOf(' ') == end ? heading.substring(0, end) : "";
    }

    private static String onOneLine(String text) {
        return String.join(
                        " ",
                        text.lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .toList())
                .strip();
    }

    String told() {
        return said.isEmpty() ? "a page of HTML" : said;
    }

    /** The text in the first element of this name. */
    static String element(String html, String name) {
        var lower = html.toLowerCase(Locale.ROOT);
        // Some letters have another length in small.
        if (lower.length() != html.length()) return "";
        var open = lower.indexOf("<" + name);
        while (open >= 0 && isLetter(lower, open + 1 + name.length())) open = lower.indexOf("<" + name, open + 1);
        var from = open < 0 ? -1 : lower.indexOf('>', open) + 1;
        var to = from <= 0 ? -1 : lower.indexOf("</" + name, from);
        return to < 0 ? "" : plain(html.substring(from, to)).strip();
    }

    private static boolean isLetter(String text, int at) {
        return at < text.length() && Character.isLetterOrDigit(text.charAt(at));
    }

    /** The text without its tags. */
    private static String plain(String html) {
        var text = new StringBuilder(html.length());
        var last = html.lastIndexOf('>');
        for (var at = 0; at < html.length(); at++) {
            var end = html.charAt(at) == '<' && at < last ? html.indexOf('>', at) : -1;
            if (end < 0) {
                text.append(html.charAt(at));
                continue;
            }
            if (html.regionMatches(true, at, "<br", 0, 3)) text.append('\n');
            // Between two paragraphs is a blank.
            else if (html.startsWith("</", at) && "hpdtl".indexOf(html.charAt(at + 2)) >= 0) text.append(' ');
            at = end;
        }
        return Entities.decoded(text.toString());
    }
}
