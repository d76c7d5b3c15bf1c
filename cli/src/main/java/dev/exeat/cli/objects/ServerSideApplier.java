package dev.exeat.cli.objects;

/**
 * Lets the server bring objects to what is declared, as {@code kubectl apply --server-side} does; but for taking over the
 * fields that an apply on the client's side managed.
 *
 * @param manager of the fields, as the server is told
 * @param force to take fields that others manage
 */
record ServerSideApplier(ApiClient client, String manager, boolean force, boolean dryRun) {
    /** What is declared is JSON, which is YAML too. */
    private static final String APPLY_PATCH = "application/apply-patch+yaml";

    private static final String WAYS_OUT = """

            Please review the fields above--they currently have other managers. Here
            are the ways you can resolve this warning:
            * If you intend to manage all of these fields, please re-run the apply
              command with the `--force-conflicts` flag.
            * If you do not intend to manage all of the fields, please edit your
              manifest to remove references to the fields that should keep their
              current managers.
            * You may co-own fields by updating your manifest to match the existing
              value; in this case, you'll become the manager if the other manager(s)
              stop managing the field (remove it from their configuration).
            See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts""";

    /** @throws ObjectException if the server refuses, as where others manage a field and it is not forced */
    void apply(Declared declared) {
        Query query = new Query()
                .with("dryRun", dryRun ? "All" : "")
                .with("fieldManager", manager)
                .with("fieldValidation", "Strict")
                .with("force", Boolean.toString(force));
        try {
            client.send("PATCH", declared.path() + query, APPLY_PATCH, declared.object());
        } catch (ObjectException e) {
            throw e.reason().equals("Conflict") ? ObjectException.of(e.getMessage() + WAYS_OUT) : e;
        }
    }
}
