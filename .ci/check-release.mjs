#!/usr/bin/env node
// Usage: .ci/check-release.mjs [--publish] RELEASE STAGING
//
// Checks target/release and target/staging of a build with -Prelease: what is there belongs together, and has what Maven Central
// asks for beyond the POM, which the build itself checks (a sources and a javadoc jar beside each jar, MD5 and SHA-1 of each file).
//
//   --publish   also what only a publisher has: a version that is no snapshot, places of the project that are not
//               parley.example, and a signature (.asc) of each file in STAGING
//
// Exit: 0 all is there; 1 something is not, and all of it is named; 2 usage.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { inflateRawSync } from "node:zlib";

const args = process.argv.slice(2);
const publish = args[0] === "--publish" && Boolean(args.shift());
const [release, staging] = args;
if (args.length !== 2 || !existsSync(release) || !existsSync(staging)) {
    console.error("usage: check-release.mjs [--publish] RELEASE STAGING");
    process.exit(2);
}
const wrong = [];
const want = (is, what) => { if (!is) wrong.push(what); };
const digest = (algorithm, file) => createHash(algorithm).update(readFileSync(file)).digest("hex");

/** The names in a zip, and how to read one, by its central directory. */
function zip(file) {
    const bytes = readFileSync(file), entries = new Map();
    let at = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
    const count = bytes.readUInt16LE(at + 10);
    at = bytes.readUInt32LE(at + 16);
    for (let i = 0; i < count; i++) {
        const [size, name, extra, comment] = [bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((o) => bytes.readUInt16LE(at + o))];
        const header = bytes.readUInt32LE(at + 42), method = bytes.readUInt16LE(at + 10);
        entries.set(bytes.toString("utf8", at + 46, at + 46 + name), () => {
            const begin = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
            const data = bytes.subarray(begin, begin + size);
            return method ? inflateRawSync(data) : data;
        });
        at += 46 + name + extra + comment;
    }
    return entries;
}

// What Maven Central asks for: https://central.sonatype.org/publish/requirements
const artefacts = join(staging, "dev/parley");
const modules = readdirSync(artefacts).sort();
want(modules.join() === "hub,ledger-core,mailbox-core,mcp-server,parley,wake-tmux", `staging has other modules: ${modules}`);
const versions = new Set();
for (const module of modules) {
    for (const version of readdirSync(join(artefacts, module))) {
        versions.add(version);
        const place = join(artefacts, module, version), stem = `${module}-${version}`, there = new Set(readdirSync(place));
        want(there.has(`${stem}.pom`), `${module} has no POM`);
        if (module !== "parley") {
            for (const kind of ["", "-sources", "-javadoc"]) want(there.has(`${stem}${kind}.jar`), `${stem}${kind}.jar is missing`);
            for (const kind of ["-sources", "-javadoc"]) {
                const jar = join(place, `${stem}${kind}.jar`), holds = kind === "-sources" ? ".java" : ".html";
                want(existsSync(jar) && [...zip(jar).keys()].filter((name) => name.startsWith("dev/parley/") && name.endsWith(holds)).length > 5,
                    `${stem}${kind}.jar holds next to nothing of dev.parley`);
            }
        }
        for (const name of there) {
            if (/\.(md5|sha1|sha256|asc)$/.test(name)) continue;
            for (const algorithm of ["md5", "sha1", "sha256"]) {
                const sum = join(place, `${name}.${algorithm}`);
                want(existsSync(sum) && readFileSync(sum, "utf8").trim() === digest(algorithm, join(place, name)), `${name}.${algorithm} is missing or wrong`);
            }
            if (publish) want(there.has(`${name}.asc`), `${name} is not signed: there is no ${name}.asc`);
        }
        const pom = readFileSync(join(place, `${stem}.pom`), "utf8");
        want(pom.includes(`<version>${version}</version>`), `${stem}.pom names another version`);
        if (publish) want(!pom.includes("parley.example"), `${stem}.pom names parley.example: put the project's real place into the root pom.xml`);
    }
}
want(versions.size === 1, `there are several versions: ${[...versions]}`);
const [version] = versions;
if (publish) want(!version.endsWith("-SNAPSHOT"), `${version} is a snapshot: set the version with .ci/set-version`);

// The files of a release.
const files = readdirSync(release).sort();
for (const [what, pattern] of Object.entries({
    "the distribution": new RegExp(`^parley-${version.replaceAll(".", "\\.")}\\.tar\\.gz$`),
    "an image": new RegExp(`^parley-image-${version.replaceAll(".", "\\.")}-(linux|macos)-\\w+\\.tar\\.gz$`),
    "the one jar": new RegExp(`^parley-${version.replaceAll(".", "\\.")}-all\\.jar$`),
    "the SBOM": /^parley-.*\.cdx\.json$/,
    "the licences": /^THIRD-PARTY\.txt$/,
    "the installer": /^install\.sh$/,
    "the jbang catalog": /^jbang-catalog\.json$/,
})) want(files.some((name) => pattern.test(name)), `${what} is missing in ${release}`);
const sums = new Map(readFileSync(join(release, "SHA256SUMS"), "utf8").trim().split("\n").map((line) => line.split(/ [ *]/).reverse()));
for (const name of files) {
    if (name !== "SHA256SUMS") want(sums.get(name) === digest("sha256", join(release, name)), `SHA256SUMS is wrong about ${name}`);
}
for (const name of sums.keys()) want(files.includes(name), `SHA256SUMS names ${name}, which is not there`);

// What the one jar is made of is in the SBOM and in the list of licences, each with its licence.
const bom = JSON.parse(readFileSync(join(release, files.find((name) => name.endsWith(".cdx.json"))), "utf8"));
want(bom.bomFormat === "CycloneDX" && bom.metadata.component.version === version, "the SBOM is none, or of another version");
want(!bom.serialNumber, "the SBOM has a serial number, which differs with each build");
const listed = readFileSync(join(release, "THIRD-PARTY.txt"), "utf8");
const foreign = bom.components.filter((component) => component.group !== "dev.parley");
want(foreign.length > 15, `the SBOM has ${foreign.length} components`);
for (const { group, name, version: its, licenses } of foreign) {
    want(licenses?.length > 0, `the SBOM has no licence of ${group}:${name}`);
    want(listed.includes(`${group}:${name}:${its}`), `THIRD-PARTY.txt does not list ${group}:${name}:${its}`);
}
const jar = zip(join(release, `parley-${version}-all.jar`));
for (const path of jar.keys()) {
    const packed = /^META-INF\/maven\/([^/]+)\/([^/]+)\/pom\.properties$/.exec(path);
    if (packed && packed[1] !== "dev.parley") {
        want(foreign.some(({ group, name }) => group === packed[1] && name === packed[2]), `the SBOM lacks ${packed[1]}:${packed[2]}, which is in the one jar`);
    }
}

// The catalog names what is staged.
const alias = JSON.parse(readFileSync(join(release, "jbang-catalog.json"), "utf8")).aliases.parley["script-ref"];
want(alias === `dev.parley:mcp-server:${version}:all@fatjar`, `the jbang catalog names ${alias}`);
want(existsSync(join(artefacts, "mcp-server", version, `mcp-server-${version}-all.jar`)), "what the jbang catalog names is not staged");
want(digest("sha256", join(artefacts, "mcp-server", version, `mcp-server-${version}-all.jar`)) === sums.get(`parley-${version}-all.jar`),
    "the one jar differs from what is staged");

wrong.forEach((what) => console.error(`check-release: ${what}`));
if (wrong.length) process.exit(1);
console.log(`check-release: ${version}: ${modules.length} modules, ${foreign.length} libraries, ${files.map((name) => basename(name)).join(" ")}`);
