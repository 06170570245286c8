#include "packed/pack_folder.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace scr::packed {

namespace fs = std::filesystem;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::string_view kFormat = "scrutineer-evidence/1";
constexpr std::uintmax_t kLargest = 1ULL << 30U; ///< of a file that is read as a whole

std::optional<domain::UtcTime> timeIn(const nlohmann::json& json, const char* name)
{
    const auto& value = json.at(name);
    return value.is_null() ? std::nullopt : std::optional{domain::timeOf(value.get<std::int64_t>())};
}

/// Throws what the library throws where a field is missing or of another kind.
PackDescription descriptionOf(const nlohmann::json& json)
{
    const auto text = [&json](const char* name) { return json.at(name).get<std::string>(); };
    PackDescription description;
    description.origin = text("origin");
    description.size = json.at("size").get<std::uint64_t>();
    description.logKey = text("key");
    description.exporter = text("exporter");
    description.site = text("site");
    description.adapter = text("adapter");
    description.madeBy = text("made_by");
    description.program = text("program");
    description.filter = text("filter");
    description.environment = domain::environmentOf(text("environment")).value_or(domain::Environment::Production);
    description.period = {timeIn(json, "from"), timeIn(json, "to")};
    description.signedAt = timeIn(json, "signed_at").value_or(domain::UtcTime{});
    description.isChosen = text("attempts") != "all";
    description.hasPseudonyms = text("tokens") != "clear";
    return description;
}

} // namespace

Result<PackFolder> PackFolder::open(const std::string& folder)
{
    constexpr auto kRemedy = "Name the folder or the .tar file that scrutineerctl export --evidence made";
    PackFolder pack{folder};
    if (std::error_code error; !fs::is_directory(folder, error))
        return failure(Fault::NotFound, fmt::format("there is no evidence pack {}", folder), kRemedy);
    const auto text = pack.read("data/pack.json");
    if (!text)
        return failure(Fault::Corrupt, fmt::format("{} is no evidence pack: it has no data/pack.json", folder), kRemedy);
    try {
        const auto json = nlohmann::json::parse(*text);
        if (json.at("format") != kFormat)
            return failure(Fault::Corrupt, fmt::format("{} is an evidence pack of another version", folder),
                           "Use the version of this program that made it, or a newer one");
        pack.m_description = descriptionOf(json);
    } catch (const nlohmann::json::exception&) {
        return failure(Fault::Corrupt, fmt::format("{} is no evidence pack: data/pack.json cannot be read", folder), kRemedy);
    }
    return pack;
}

bool PackFolder::has(const std::string& path) const
{
    std::error_code error;
    return fs::is_regular_file(placeOf(path), error);
}

Result<std::string> PackFolder::read(const std::string& path) const
{
    std::error_code error;
    const std::uintmax_t size = fs::file_size(placeOf(path), error);
    if (error)
        return failure(Fault::NotFound, fmt::format("{} is not in the pack", path));
    std::ifstream in{placeOf(path), std::ios::binary};
    std::string bytes(size <= kLargest ? size : 0, '\0');
    if (size > kLargest || !in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        return failure(Fault::Unavailable, fmt::format("{} of the pack cannot be read", path), "Check the disk");
    return bytes;
}

domain::Source sourceOf(const PackDescription& description, const std::string& path)
{
    domain::Source source;
    source.isEvidence = true;
    source.service = fs::path{path}.filename().string();
    if (source.service.empty()) // a folder with a slash at its end
        source.service = fs::path{path}.parent_path().filename().string();
    source.database = description.site;
    source.server = description.origin;
    source.login = description.madeBy;
    source.adapter = description.adapter;
    source.environment = description.environment;
    source.readAt = description.signedAt;
    for (const char* name : {"has_attempts", "has_author", "has_origin", "has_counter"})
        source.capabilities.push_back({name, true, {}});
    return source;
}

} // namespace scr::packed
