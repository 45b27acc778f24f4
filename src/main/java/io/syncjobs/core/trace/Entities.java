package io.syncjobs.core.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;

/** The characters that HTML and XML write by name or by number, between an ampersand and a semicolon. */
public final class Entities {
    private static final int LONGEST = 9;

    /** The names of the characters of Latin-1 from 160 on, in their order: PHP writes all of them by name. */
    private static final String LATIN =
            "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr"
                    + " deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest"
                    + " Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml"
                    + " ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig"
                    + " agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml"
                    + " eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

    private static final String OTHERS = "amp & lt < gt > quot \" apos ' ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚"
            + " ldquo “ rdquo ” bdquo „ lsaquo ‹ rsaquo › hellip … bull • euro €";

    private static final Map<String, String> NAMED = named();

    private Entities() {}

    private static Map<String, String> named() {
        var named = new HashMap<String, String>();
        var latin = new StringTokenizer(LATIN);
        for (var code = 160; latin.hasMoreTokens(); code++) named.put(latin.nextToken(), Character.toString(code));
        var others = new StringTokenizer(OTHERS);
        while (others.hasMoreTokens()) named.put(others.nextToken(), others.nextToken());
        // For who reads it, it is a blank.
        named.put("nbsp", " ");
        return Map.copyOf(named);
    }

    /** The text with its entities as characters. What is none stays as it is. */
    public static String decoded(String text) {
        if (text.indexOf('&') < 0) return text;
        var out = new StringBuilder(text.length());
        for (var at = 0; at < text.length(); at++) {
            var end = text.charAt(at) == '&' ? end(text, at + 1) : -1;
            var read = end < 0 ? "" : character(text.substring(at + 1, end));
            if (read.isEmpty()) out.append(text.charAt(at));
            else {
                out.append(read);
                at = end;
            }
        }
        return out.toString();
    }

    /** The position of the semicolon that ends the entity; -1 if there is none near. */
    private static int end(String text, int from) {
        for (var at = from; at < text.length() && at <= from + LONGEST; at++) {
            if (text.charAt(at) == ';') return at;
        }
        return -1;
    }

    private static String character(String name) {
        if (!name.startsWith("#")) return NAMED.getOrDefault(name, "");
        var hex = name.startsWith("#x") || name.startsWith("#X");
        try {
            var code = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
            return Character.isDefined(code) && !Character.isISOControl(code) && !isHalf(code)
                    ? Character.toString(code)
                    : "";
        } catch (NumberFormatException e) {
            return "";
        }
    }

    private static boolean isHalf(int code) {
        return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
    }
}
