#include "audit/tiles.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/frontier.h"

namespace scr::audit {

namespace {

std::string numbered(std::string_view folder, std::uint64_t number, std::uint64_t width)
{
    std::string path = fmt::format("{:03}", number % 1000);
    for (number /= 1000; number > 0; number /= 1000)
        path = fmt::format("x{:03}/{}", number % 1000, path);
    return fmt::format("tile/{}/{}{}", folder, path, width == kTileWidth ? "" : fmt::format(".p/{}", width));
}

} // namespace

std::string tilePath(int level, std::uint64_t number, std::uint64_t width)
{
    return numbered(fmt::format("{}", level), number, width);
}

std::string bundlePath(std::uint64_t number, std::uint64_t width)
{
    return numbered("entries", number, width);
}

std::uint64_t tileWidth(int level, std::uint64_t number, std::uint64_t size)
{
    const std::uint64_t atLevel = level >= 8 ? 0 : size >> (level * kTileHeight);
    const std::uint64_t first = number * kTileWidth;
    return first >= atLevel ? 0 : std::min(kTileWidth, atLevel - first);
}

void appendToBundle(std::string& bundle, std::string_view entry)
{
    bundle += static_cast<char>(entry.size() >> 8 & 0xff);
    bundle += static_cast<char>(entry.size() & 0xff);
    bundle += entry;
}

domain::Result<std::vector<std::string_view>> entriesOf(std::string_view bundle)
{
    std::vector<std::string_view> entries;
    while (!bundle.empty()) {
        const std::size_t length = bundle.size() < 2 ? bundle.size()
                                                     : static_cast<std::size_t>(static_cast<unsigned char>(bundle[0])) << 8 |
                                                           static_cast<std::size_t>(static_cast<unsigned char>(bundle[1]));
        if (bundle.size() < 2 + length)
            return domain::failure(domain::Fault::Corrupt, "a bundle of entries ends in the middle of one",
                                   "The file was cut off: get it again");
        entries.push_back(bundle.substr(2, length));
        bundle.remove_prefix(2 + length);
    }
    return entries;
}

} // namespace scr::audit
