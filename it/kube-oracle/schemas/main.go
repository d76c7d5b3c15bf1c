// Writes what the program has to know of Kubernetes' own kinds: their schemas as a server publishes them, one a line,
// with the numbers that their fields have in protobuf. Arguments: files with documents of OpenAPI v3.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	certificates "k8s.io/api/certificates/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	events "k8s.io/api/events/v1"
	rbac "k8s.io/api/rbac/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var roots = []any{
	core.ConfigMap{}, core.Event{}, core.Namespace{}, core.Pod{}, core.Secret{}, core.Service{}, core.ServiceAccount{},
	apps.Deployment{}, apps.ReplicaSet{}, autoscaling.Scale{}, coordination.Lease{}, events.Event{},
	rbac.ClusterRole{}, rbac.ClusterRoleBinding{}, rbac.Role{}, rbac.RoleBinding{},
	certificates.CertificateSigningRequest{},
	authentication.SelfSubjectReview{}, authentication.TokenRequest{}, authentication.TokenReview{},
	authorization.LocalSubjectAccessReview{}, authorization.SelfSubjectAccessReview{},
	authorization.SelfSubjectRulesReview{}, authorization.SubjectAccessReview{},
	meta.DeleteOptions{},
}

const prefix = "#/components/schemas/"

func main() {
	published := map[string]map[string]any{}
	for _, file := range os.Args[1:] {
		text, err := os.ReadFile(file)
		check(err)
		var document struct {
			Components struct {
				Schemas map[string]map[string]any
			}
		}
		check(json.Unmarshal(text, &document))
		for name, schema := range document.Components.Schemas {
			published[name] = schema
		}
	}
	types := map[string]reflect.Type{}
	for _, root := range roots {
		collect(reflect.TypeOf(root), types)
	}
	var names []string
	for name := range types {
		if published[name] != nil {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		schema := trimmed(published[name]).(map[string]any)
		delete(schema, "x-kubernetes-group-version-kind")
		if t := types[name]; t.Kind() == reflect.Struct && schema["properties"] != nil {
			schema["x-protobuf"] = numbers(t)
			typed(t, schema["properties"].(map[string]any))
		}
		var line bytes.Buffer
		out := json.NewEncoder(&line)
		out.SetEscapeHTML(false)
		check(out.Encode([]any{name, schema}))
		_, err := os.Stdout.Write(line.Bytes())
		check(err)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func collect(t reflect.Type, types map[string]reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(t.Elem(), types)
	case reflect.Struct:
		name := definition(t)
		if types[name] != nil || !strings.HasPrefix(t.PkgPath(), "k8s.io/") {
			return
		}
		types[name] = t
		for i := range t.NumField() {
			collect(t.Field(i).Type, types)
		}
	}
}

func definition(t reflect.Type) string {
	return "io.k8s." + strings.ReplaceAll(strings.TrimPrefix(t.PkgPath(), "k8s.io/"), "/", ".") + "." + t.Name()
}

// Defaults that are but the zero of a type say nothing.
func trimmed(value any) any {
	switch node := value.(type) {
	case map[string]any:
		for name, child := range node {
			if name == "default" && (child == "" || child == false || child == float64(0) || isEmpty(child)) {
				delete(node, name)
			} else {
				node[name] = trimmed(child)
			}
		}
	case []any:
		for i := range node {
			node[i] = trimmed(node[i])
		}
	}
	return value
}

func isEmpty(value any) bool {
	node, ok := value.(map[string]any)
	return ok && len(node) == 0
}

// By number the name of a field, after a star where it may be there with the zero of its type; or, where the fields of a
// message are those of the object itself in JSON, their numbers.
func numbers(t reflect.Type) map[string]any {
	fields := map[string]any{}
	for i := range t.NumField() {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("protobuf"), ",")
		if len(tag) < 2 {
			continue
		}
		name := strings.Split(field.Tag.Get("json"), ",")
		inner := field.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case name[0] == "" && inner.Kind() == reflect.Struct:
			fields[tag[1]] = numbers(inner)
		case field.Type.Kind() == reflect.Pointer || len(name) == 1:
			fields[tag[1]] = "*" + name[0]
		default:
			fields[tag[1]] = name[0]
		}
	}
	return fields
}

// Notes the names of types that have one of their own, which messages tell.
func typed(t reflect.Type, properties map[string]any) {
	for i := range t.NumField() {
		field := t.Field(i)
		name := strings.Split(field.Tag.Get("json"), ",")[0]
		inner := field.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		property, known := properties[name].(map[string]any)
		switch {
		case name == "" && inner.Kind() == reflect.Struct:
			typed(inner, properties)
		case known && inner.Kind() != reflect.Struct && strings.Contains(inner.String(), "."):
			if plain := inner.Kind() == reflect.Slice && inner.Name() == "" && inner.Elem().Kind() == reflect.Struct; !plain {
				property["x-go-type"] = inner.String()
			}
			if items, list := property["items"].(map[string]any); list && inner.Name() == "" {
				items["x-go-type"] = inner.Elem().String()
			}
		}
	}
}
