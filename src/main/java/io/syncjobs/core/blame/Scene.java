package io.syncjobs.core.blame;

import java.util.Map;

/**
 * Where it happens: what advice needs to name the right object.
 *
 * @param ownTemplate the job has a template of its own, which nobody can change
 */
public record Scene(boolean ownTemplate, Map<String, String> names) {}
