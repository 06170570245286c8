#pragma once

#include <memory>
#include <string>

#include "domain/result.h"

namespace scr::packed {

/// A folder for temporary files that goes with the last one who holds it. A lock tells the living from those that a program left
/// behind that was killed: making one removes these.
class Scratch {
public:
    [[nodiscard]] static domain::Result<std::shared_ptr<Scratch>> make();
    explicit Scratch(std::string folder);
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();

    const std::string path;

private:
    int m_lock; ///< -1: there is none
};

} // namespace scr::packed
