package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code Name: file:line}, a piece of code and the message behind bars; older versions end with {@code + CategoryInfo}. */
final class PowerShellFormat implements Format {
    private static final int NEAR = 12;
    private static final String CATEGORY = "+ CategoryInfo";

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 1; i < log.size(); i++) {
            if (log.text(i).equals("Line |")) concise(log, i).ifPresent(found::add);
            else if (log.text(i).strip().startsWith(CATEGORY)) classic(log, i).ifPresent(found::add);
        }
        return found;
    }

    /** The message is what stands behind the bars below the line that underlines the code. */
    private static Optional<Found> concise(Log log, int line) {
        var message = new StringBuilder();
        var underlined = false;
        var last = line;
        for (var i = line + 1; i < Math.min(log.size(), line + Log.MESSAGE_LINES); i++) {
            var text = log.text(i).strip();
            var bar = Chars.blanks(text, Chars.digits(text, 0));
            if (Chars.at(text, bar) != '|') break;
            last = i;
            var said = text.substring(bar + 1).strip();
            if (!said.isEmpty() && said.chars().allMatch(c -> c == '~')) underlined = true;
            else if (underlined) message.append(message.isEmpty() ? "" : " ").append(said);
        }
        var above = log.text(line - 1);
        var colon = above.indexOf(": ");
        var name = colon < 0 ? above.strip() : above.substring(0, colon);
        return message.isEmpty()
                ? Optional.empty()
                : Optional.of(Found.block(last, new Header(Header.isException(name) ? name : "", message.toString())));
    }

    /** {@code + CategoryInfo : Kind: (object) [command], Type} stands below the place, and that below the message. */
    private static Optional<Found> classic(Log log, int line) {
        var info = log.text(line);
        var comma = info.lastIndexOf("], ");
        var type = comma < 0 ? "" : info.substring(comma + 3).strip();
        for (var i = line - 1; i > Math.max(0, line - NEAR); i--) {
            if (!log.text(i).startsWith("At ") || !log.text(i).contains(" char:")) continue;
            return Optional.of(
                    Found.block(line + 1, new Header(type, log.text(i - 1).strip())));
        }
        return Optional.empty();
    }
}
