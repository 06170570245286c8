#pragma once

#include "domain/control.h"
#include "domain/flag.h"

namespace scr::detect {

/// The flag to raise when this control fell: it held before, and now fails or can no longer be told. It is about no vote, and a
/// fact rather than an inference.
[[nodiscard]] domain::Flag flagOfFallen(const domain::Control& control);

} // namespace scr::detect
