package dev.parley.client;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The directory in which a client keeps its configuration and its transcripts.
 *
 * @param variable the variable that names it, or a directory that holds it
 * @param inHome its name in the user's home, where that variable is not set
 * @param inNamed its name in the directory that the variable names; empty if it is that one itself
 */
public record ConfigurationDirectory(String variable, String inHome, String inNamed) {

    /** One that its variable names itself. */
    public ConfigurationDirectory(String variable, String inHome) {
        this(variable, inHome, "");
    }

    /** Where it is, by the environment; empty if that names no home of the user either. */
    public Optional<Path> in(Map<String, String> environment) {
        return named(environment)
                .or(() -> Optional.ofNullable(environment.get("HOME"))
                        .filter(home -> home.startsWith("/"))
                        .map(home -> Path.of(home, inHome)))
                .filter(Path::isAbsolute);
    }

    /** What the environment says; empty if the directory is in the user's home. */
    public Optional<Path> named(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .map(value -> Path.of(value).resolve(inNamed));
    }
}
