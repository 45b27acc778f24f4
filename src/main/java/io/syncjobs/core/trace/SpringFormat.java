package io.syncjobs.core.trace;

import java.util.ArrayList;
import java.util.List;

/** The failure analysis of Spring Boot: a title in stars, then a description and what to do. */
final class SpringFormat implements Format {
    private static final int LINES = 40;

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            if (log.text(i).strip().equals("APPLICATION FAILED TO START")) found.add(read(log, i));
        }
        return found;
    }

    private static Found read(Log log, int title) {
        var description = new StringBuilder();
        var inside = false;
        for (var i = title + 1; i < Math.min(log.size(), title + LINES); i++) {
            var text = log.text(i).strip();
            if (text.equals("Action:")) {
                inside = false;
                if (!description.isEmpty()) return Found.line(i, Found.Weight.BLOCK, description.toString());
            } else if (text.equals("Description:")) {
                inside = true;
            } else if (inside && !text.isEmpty() && description.length() < 400) {
                description.append(description.isEmpty() ? "" : " ").append(text);
            }
        }
        return Found.line(
                title,
                Found.Weight.BLOCK,
                description.isEmpty() ? log.text(title).strip() : description.toString());
    }
}
