package io.syncjobs.core.worker;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.syncjobs.core.worker.HandlerAnswer.Answered;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Decodes the body of an answer with the character set of its byte order mark or its content type. Invalid bytes are replaced. */
final class Bodies {
    private static final String PARAMETER = "charset=";
    private static final List<Charset> MARKED = List.of(UTF_8, UTF_16BE, UTF_16LE);

    private Bodies() {}

    static String text(Answered answered) {
        var body = answered.body();
        for (var marked : MARKED) {
            var mark = "\uFEFF".getBytes(marked);
            if (body.length >= mark.length && Arrays.equals(body, 0, mark.length, mark, 0, mark.length))
                return new String(body, mark.length, body.length - mark.length, marked);
        }
        return new String(body, charset(answered.contentType()));
    }

    /** True if the content type has this word in it. */
    static boolean isOf(Answered answered, String word) {
        return answered.contentType().toLowerCase(Locale.ROOT).contains(word);
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
