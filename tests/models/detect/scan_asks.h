#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "detect/scan.h"

namespace scr::test {

/// What one detector finds with the default rules.
inline std::vector<domain::Flag> flagsOf(const domain::ScanInput& input, domain::DetectorId detector)
{
    detect::ScanOptions options;
    options.detectors = {detector};
    auto report = detect::scan(input, detect::defaultRules(), options, {});
    return report ? report->flags : std::vector<domain::Flag>{};
}

inline bool says(const std::vector<std::string>& sentences, std::string_view part)
{
    return std::any_of(sentences.begin(), sentences.end(),
                       [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

inline bool says(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace scr::test
