package io.syncjobs.core.blame;

import java.util.Map;

/**
 * The names of the objects around a job, for the advice.
 *
 * @param ownTemplate true if the job has a template of its own, which cannot be changed
 */
public record Scene(boolean ownTemplate, Map<String, String> names) {}
