// run_pgtap FILE.sql: runs a pgTAP script in a new database of a private server. The script's first line names the source:
// "-- source: reference" or "-- source: imported, two people".

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "embedded/embedded.h"
#include "support/test_server.h"

namespace {

struct Outcome {
    int good = 0;
    int bad = 0;
    bool planned = false;
};

Outcome runScript(const std::string& command)
{
    Outcome outcome;
    const std::unique_ptr<FILE, decltype(&pclose)> pipe{popen(command.c_str(), "r"), &pclose};
    char buffer[8192];
    while (pipe && std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr) {
        const std::string line{buffer};
        std::cout << line;
        outcome.good += line.starts_with("ok ") ? 1 : 0;
        outcome.bad +=
            line.starts_with("not ok ") || line.find("ERROR:") != std::string::npos || line.starts_with("# Looks like") ? 1 : 0;
        outcome.planned = outcome.planned || line.starts_with("1..");
    }
    return outcome;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 2) {
        std::cerr << "usage: run_pgtap FILE.sql\n";
        return 2;
    }
    const std::filesystem::path script{argv[1]};
    std::ifstream file{script};
    std::string head;
    std::getline(file, head);
    const std::string source = head.substr(std::min(head.size(), std::string_view{"-- source: "}.size()));
    scr::test::TestServer server;
    server.createSource("tap", source.substr(0, source.find(',')), source.find("two people") != std::string::npos);
    const std::string proof{scr::embedded::text("sql/read/read_only_proof.sql")};
    const std::string kinds{scr::embedded::text("sql/read/read_only_kinds.sql")};
    server.execute("tap",
                   "CREATE SCHEMA tap; CREATE EXTENSION pgtap SCHEMA tap; GRANT USAGE ON SCHEMA tap TO PUBLIC;"
                   "CREATE FUNCTION tap.proof() RETURNS TABLE (what text, remedy text, kind text) LANGUAGE sql AS $proof$" +
                       proof +
                       "$proof$;"
                       "CREATE FUNCTION tap.kinds() RETURNS SETOF text LANGUAGE sql AS $kinds$" +
                       kinds + "$kinds$");
    const Outcome outcome = runScript("psql -X -q -A -t -d \"" + server.conninfo("tap") + "\" -f '" +
                                      (script.parent_path() / "support.sql").string() + "' -f '" + script.string() + "' 2>&1");
    return outcome.planned && outcome.good > 0 && outcome.bad == 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
}
