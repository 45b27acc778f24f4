{{/* Where the policies hold: in the namespaces that this release serves. */}}
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

{{/* True for an account of another release that serves the namespace: such accounts alone are given the verb serve there. Whoever may do
everything has it too, and is told apart by a verb that nobody is given. */}}
{{- define "syncjobs.isAnotherReleases" -}}
request.userInfo.username.startsWith('system:serviceaccount:') && {{ include "syncjobs.may" "serve" }} && !{{ include "syncjobs.may" "whatever-it-is" }}
{{- end }}

{{- define "syncjobs.serves" -}}
{{ include "syncjobs.isOurs" . }} || ({{ include "syncjobs.isAnotherReleases" . }})
{{- end }}

{{/* True for those who mend status by hand. */}}
{{- define "syncjobs.isExempt" -}}
request.userInfo.?groups.orValue([]).exists(g, g in {{ toJson .Values.statusWriters.exemptGroups }})
{{- end }}

{{/* True for who has a verb on the jobs of the namespace. */}}
{{- define "syncjobs.may" -}}
authorizer.group('syncjobs.io').resource('syncjobs').namespace(request.namespace).check('{{ . }}').allowed()
{{- end }}

{{/* The pod whose token is used; nobody's where it is no pod's. */}}
{{- define "syncjobs.pod" -}}
request.userInfo.?extra['authentication.kubernetes.io/pod-name'].orValue(['?'])[0]
{{- end }}

{{/* True for an account of the namespace that is given the work of a pool there: its workers'. Call with an expression for the pool. */}}
{{- define "syncjobs.worksFor" -}}
request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':') && authorizer.group('syncjobs.io').resource('syncworkerpools').namespace(request.namespace).name({{ . }}).check('work').allowed()
{{- end }}

{{/* True for the warm worker that has the job. */}}
{{- define "syncjobs.hasTheJob" -}}
oldObject.?status.?effective.?workerPool.hasValue() && oldObject.?status.?worker.orValue('') == {{ include "syncjobs.pod" . }} && {{ include "syncjobs.worksFor" "oldObject.?status.?effective.?workerPool.orValue('?')" }}
{{- end }}

{{/* The annotations that have rules of their own. */}}
{{- define "syncjobs.commandAnnotations" -}}
['syncjobs.io/requeue', 'syncjobs.io/set-done', 'syncjobs.io/cancel', 'syncjobs.io/by', 'syncjobs.io/handling', 'syncjobs.io/handling-by']
{{- end }}
