package io.syncjobs.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes a log event as one line of JSON with the fields of the Elastic Common Schema. Job, attempt and worker become labels. */
public final class EcsLayout extends LayoutBase<ILoggingEvent> {
    private static final JsonFactory JSON = new JsonFactory();

    private final ThrowableProxyConverter trace = new ThrowableProxyConverter();

    @Override
    public void start() {
        trace.start();
        super.start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringWriter(256);
        try (var json = JSON.createGenerator(line)) {
            write(event, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }

    private void write(ILoggingEvent event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("@timestamp", event.getInstant().toString());
        json.writeStringField("log.level", event.getLevel().toString());
        json.writeStringField("message", event.getFormattedMessage());
        json.writeStringField("ecs.version", "8.17.0");
        json.writeStringField("service.name", "syncjobs");
        json.writeStringField("process.thread.name", event.getThreadName());
        json.writeStringField("log.logger", event.getLoggerName());
        var pairs = event.getKeyValuePairs();
        if (pairs != null && !pairs.isEmpty()) {
            json.writeObjectFieldStart("labels");
            for (var pair : pairs) json.writeStringField(pair.key, String.valueOf(pair.value));
            json.writeEndObject();
        }
        var thrown = event.getThrowableProxy();
        if (thrown != null) {
            json.writeStringField("error.type", thrown.getClassName());
            if (thrown.getMessage() != null) json.writeStringField("error.message", thrown.getMessage());
            json.writeStringField("error.stack_trace", trace.convert(event));
        }
        json.writeEndObject();
    }
}
