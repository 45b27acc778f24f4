package io.syncjobs.it;

import java.util.List;
import java.util.Locale;

/** As much of the Prometheus operator's kinds as the chart uses; what these do not name is refused. */
final class PrometheusKinds {
    private static final String RULES = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: prometheusrules.monitoring.coreos.com}
            spec:
              group: monitoring.coreos.com
              scope: Namespaced
              names: {kind: PrometheusRule, plural: prometheusrules, singular: prometheusrule}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema:
                      type: object
                      properties:
                        spec:
                          type: object
                          required: [groups]
                          properties:
                            groups:
                              type: array
                              items:
                                type: object
                                required: [name, rules]
                                properties:
                                  name: {type: string}
                                  rules:
                                    type: array
                                    items:
                                      type: object
                                      required: [alert, expr]
                                      properties:
                                        alert: {type: string}
                                        expr: {type: string}
                                        for: {type: string}
                                        labels: {type: object, additionalProperties: {type: string}}
                                        annotations: {type: object, additionalProperties: {type: string}}
            """;

    private static final String MONITORS =
            List.of("ServiceMonitor endpoints", "PodMonitor podMetricsEndpoints").stream()
                    .map(kind -> kind.split(" ", -1))
                    .map(kind -> """
                    ---
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: PLURAL.monitoring.coreos.com}
                    spec:
                      group: monitoring.coreos.com
                      scope: Namespaced
                      names: {kind: KIND, plural: PLURAL, singular: SINGULAR}
                      versions:
                        - name: v1
                          served: true
                          storage: true
                          schema:
                            openAPIV3Schema:
                              type: object
                              properties:
                                spec:
                                  type: object
                                  required: [selector]
                                  properties:
                                    selector: {type: object, properties: {matchLabels: {type: object, additionalProperties: {type: string}}}}
                                    ENDPOINTS:
                                      type: array
                                      items:
                                        type: object
                                        properties:
                                          port: {type: string}
                                          path: {type: string}
                                          honorLabels: {type: boolean}
                                          interval: {type: string}
                                          scrapeTimeout: {type: string}
                                          relabelings: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                                          metricRelabelings: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                    """.replace("KIND", kind[0])
                            .replace("PLURAL", kind[0].toLowerCase(Locale.ROOT) + "s")
                            .replace("SINGULAR", kind[0].toLowerCase(Locale.ROOT))
                            .replace("ENDPOINTS", kind[1]))
                    .reduce("", String::concat);

    /** As kubectl applies them. */
    static final String DEFINITIONS = MONITORS + RULES;

    private PrometheusKinds() {}
}
