{{/* Limits a policy to the namespaces that this release serves. The policies about what lasts until a release takes up a namespace have no such
limit: immutable, templates, commands and by. */}}
{{- define "syncjobs.matched" }}
{{- with .Values.watchNamespaces }}
  matchResources:
    namespaceSelector:
      matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: In, values: {{ toJson . }}}
{{- end }}
{{- end }}

{{/* True for the accounts of this release's operator and minute run. */}}
{{- define "syncjobs.isOurs" -}}
{{- $namespace := .Release.Namespace -}}
request.userInfo.username in {{ list (printf "system:serviceaccount:%s:%s" $namespace (include "syncjobs.operatorAccount" .)) (printf "system:serviceaccount:%s:%s" $namespace (include "syncjobs.enqueuerAccount" .)) | toJson }}
{{- end }}

{{/* True for an account of another release that serves the namespace. Only such accounts are granted the verb serve there. An account with
all verbs has it too; it is recognised by a verb that is never granted. */}}
{{- define "syncjobs.isAnotherReleases" -}}
request.userInfo.username.startsWith('system:serviceaccount:') && {{ include "syncjobs.may" "serve" }} && !{{ include "syncjobs.may" "whatever-it-is" }}
{{- end }}

{{- define "syncjobs.serves" -}}
{{ include "syncjobs.isOurs" . }} || ({{ include "syncjobs.isAnotherReleases" . }})
{{- end }}

{{/* True for members of the groups that may repair status by hand. */}}
{{- define "syncjobs.isExempt" -}}
request.userInfo.?groups.orValue([]).exists(g, g in {{ .Values.statusWriters.exemptGroups | default list | toJson }})
{{- end }}

{{/* True if the user has a verb on syncjobs in the namespace of the request. */}}
{{- define "syncjobs.may" -}}
authorizer.group('syncjobs.io').resource('syncjobs').namespace(request.namespace).check('{{ . }}').allowed()
{{- end }}

{{/* The name of the pod to which the token is bound; ? for any other token. */}}
{{- define "syncjobs.pod" -}}
request.userInfo.?extra['authentication.kubernetes.io/pod-name'].orValue(['?'])[0]
{{- end }}

{{/* True for an account of the namespace that has the verb work on a pool there: the account of its workers. Call with an expression for the
name of the pool. */}}
{{- define "syncjobs.worksFor" -}}
request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':') && authorizer.group('syncjobs.io').resource('syncworkerpools').namespace(request.namespace).name({{ . }}).check('work').allowed()
{{- end }}

{{/* True for an account of the namespace that has the verb work on syncjobs there, which only the Roles of pools grant: the account of the
workers of some pool. An account with all verbs has it too; it is recognised by a verb that is never granted. */}}
{{- define "syncjobs.works" -}}
request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':') && {{ include "syncjobs.may" "work" }} && !{{ include "syncjobs.may" "whatever-it-is" }}
{{- end }}

{{/* True for the pod of the warm worker that has the job. */}}
{{- define "syncjobs.hasTheJob" -}}
oldObject.?status.?effective.?workerPool.hasValue() && oldObject.?status.?worker.orValue('') == {{ include "syncjobs.pod" . }} && {{ include "syncjobs.worksFor" "oldObject.?status.?effective.?workerPool.orValue('?')" }}
{{- end }}

{{/* The annotations that have rules of their own in the policy of commands. */}}
{{- define "syncjobs.commandAnnotations" -}}
['syncjobs.io/requeue', 'syncjobs.io/set-done', 'syncjobs.io/cancel', 'syncjobs.io/by', 'syncjobs.io/handling', 'syncjobs.io/handling-by']
{{- end }}
