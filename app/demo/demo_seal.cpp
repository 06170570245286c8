#include "demo/demo_seal.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "elevated/seal_session.h"
#include "seal/key_file.h"
#include "seal/sealer.h"

namespace scr::demo {

namespace {

namespace fs = std::filesystem;
using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;

constexpr std::array<const char*, 3> kDatabases{"demo", "demo-protected", "demo-import"};
constexpr const char* kSealer = "demo_sealer";
constexpr std::chrono::seconds kPause{1};

Result<audit::SigningKey> keyOf(const fs::path& folder, const std::string& database)
{
    const std::string file = folder / (database + ".key");
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (fs::exists(file, problem))
        return seal::readKeyFile(file);
    auto key = audit::SigningKey::make("demo.example/" + database, audit::SignatureType::Log);
    if (!key)
        return key;
    const Status written = seal::writeKeyFile(file, *key);
    return written ? std::move(key) : Result<audit::SigningKey>{failureOf(written)};
}

Status sealOne(const PrivateServer& server, const std::string& database)
{
    const fs::path folder = server.directory() / "seal";
    const auto key = keyOf(folder, database);
    if (!key)
        return failureOf(key);
    elevated::SealSession session;
    if (const Status opened = session.open(server.target(database, kSealer)); !opened)
        return opened;
    const auto sealed = seal::Sealer{session, *key, seal::SignedState{folder / "signed"}}.sealOnce();
    return sealed ? Status{Nothing{}} : failureOf(sealed);
}

} // namespace

Status sealDemo(const PrivateServer& server)
{
    for (const char* database : kDatabases) {
        if (const Status sealed = sealOne(server, database); !sealed)
            return sealed;
    }
    return Nothing{};
}

DemoSealer::DemoSealer(fs::path directory) :
    m_thread{[directory = std::move(directory)](const std::stop_token& stop) {
        const auto server = PrivateServer::create(directory);
        std::mutex mutex;
        std::condition_variable_any stopped;
        while (server && !stop.stop_requested()) {
            // Whoever looks at the demo sees by the age of the checkpoint that it was not sealed.
            static_cast<void>(sealDemo(*server));
            std::unique_lock lock{mutex};
            stopped.wait_for(lock, stop, kPause, [] { return false; });
        }
    }}
{
}

} // namespace scr::demo
