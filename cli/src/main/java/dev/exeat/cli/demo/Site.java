package dev.exeat.cli.demo;

import java.util.List;

/**
 * A site that the story's workloads read.
 *
 * @param language the first label of its name
 * @param page the path and query that the story asks for
 * @param title what its page is called
 */
record Site(String language, String page, String title) {
    static final Site ENGLISH = new Site("en", "/wiki/Main_Page", "Wikipedia, the free encyclopedia");
    static final Site GERMAN = new Site("de", "/wiki/Wikipedia:Hauptseite", "Wikipedia – Die freie Enzyklopädie");
    static final Site SPANISH = new Site("es", "/wiki/Wikipedia:Portada", "Wikipedia, la enciclopedia libre");
    static final Site FRENCH =
            new Site("fr", "/wiki/Wikip%C3%A9dia:Accueil_principal", "Wikipédia, l'encyclopédie libre");
    static final List<Site> ALL = List.of(ENGLISH, GERMAN, SPANISH, FRENCH);

    String host() {
        return language + ".wikipedia.org";
    }

    String url() {
        return "https://" + host() + page;
    }

    String titleTag() {
        return "<title>" + title + "</title>";
    }
}
