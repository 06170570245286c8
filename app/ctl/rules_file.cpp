#include "ctl/rules_file.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace scr::ctl {

domain::Result<detect::Rules> rulesOf(const std::string& path)
{
    if (path.empty())
        return detect::defaultRules();
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        return domain::failure(domain::Fault::Unavailable, fmt::format("{} could not be read", path),
                               "Name a rules file that you may read");
    domain::Result<detect::Rules> rules = detect::parseRules(text);
    if (!rules)
        rules.error().detail = path + ": " + rules.error().detail;
    return rules;
}

} // namespace scr::ctl
