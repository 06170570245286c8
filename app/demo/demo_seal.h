#pragma once

#include <filesystem>
#include <thread>

#include "demo/private_server.h"
#include "domain/result.h"

namespace scr::demo {

/// Seals the logs of the demo's sites once, with keys and memory in the folder `seal` of the demo; makes the keys the first time.
[[nodiscard]] domain::Status sealDemo(const PrivateServer& server);

/// Goes on sealing as long as it lives, as a site's own sealer would.
class DemoSealer {
public:
    explicit DemoSealer(std::filesystem::path directory);

private:
    std::jthread m_thread;
};

} // namespace scr::demo
