#pragma once

#include "domain/control.h"
#include "domain/flag.h"

namespace scr::detect {

/// The flag to raise when this control fell: it fails now and held before. It is about no vote, and a fact rather than an
/// inference.
[[nodiscard]] domain::Flag flagOfFallen(const domain::Control& control);

} // namespace scr::detect
