package io.syncjobs.core.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.syncjobs.core.worker.HandlerAnswer.Answered;
import java.nio.charset.Charset;
import java.util.Locale;

/** Decodes the body of an answer with the character set of its content type. Invalid bytes are replaced. */
final class Bodies {
    private static final String PARAMETER = "charset=";

    private Bodies() {}

    static String text(Answered answered) {
        return new String(answered.body(), charset(answered.contentType()));
    }

    static boolean isHtml(Answered answered) {
        return answered.contentType().toLowerCase(Locale.ROOT).contains("html");
    }

    private static Charset charset(String contentType) {
        var at = contentType.toLowerCase(Locale.ROOT).indexOf(PARAMETER);
        if (at < 0) return UTF_8;
        var name = contentType
                .substring(at + PARAMETER.length())
                .split(";", 2)[0]
                .replace("\"", "")
                .strip();
        try {
            return Charset.forName(name, UTF_8);
        } catch (IllegalArgumentException e) {
            return UTF_8;
        }
    }
}
