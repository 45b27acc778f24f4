package io.syncjobs.core.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;

/**
 * The installation's settings for agents.
 *
 * @param image the product's own image
 * @param pullPolicy when nodes pull it: Always, IfNotPresent or Never
 * @param pullSecrets names of Secrets in the namespace of each pool
 * @param resources requests and limits of the agent's container
 * @param variables environment variables that agents and operator share
 * @param timing used by pools that set no timing of their own
 */
public record AgentDefaults(
        String image,
        String pullPolicy,
        List<String> pullSecrets,
        ObjectNode resources,
        SortedMap<String, String> variables,
        PoolTiming timing) {}
