package dev.exeat.control.importing;

import java.util.List;

/** Reads the rules of other products. Stateless and thread-safe. */
public final class PolicyImport {
    private PolicyImport() {}

    /**
     * @param file how places name the file
     * @throws ImportException if the file is not what it is said to be, or cannot be imported at all
     */
    public static Imported read(ImportSource source, String file, byte[] content, ImportOptions options) {
        Draft draft = new Draft(options);
        draft.note("Hosts need a ServiceEntry too, unless the gateway runs with --registry ALLOW_ANY.");
        if (source == ImportSource.SQUID) {
            new SquidImport(draft).read(SquidFile.parse(file, content));
            return draft.finish();
        }
        List<Piece> documents = ForeignDocuments.read(file, content);
        switch (source) {
            case SMOKESCREEN -> new SmokescreenImport(draft).read(documents.getFirst());
            case CILIUM -> new CiliumImport(draft).read(ForeignDocuments.objects(documents));
            case LINKERD -> new LinkerdImport(draft).read(ForeignDocuments.objects(documents));
            default -> new HardenRunnerImport(draft).read(documents.getFirst());
        }
        return draft.finish();
    }
}
