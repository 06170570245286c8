#include "packed/pack_folder.h"

#include <filesystem>
#include <fstream>
#include <optional>
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
constexpr std::uint64_t kLongestDescription = 1U << 20U;
constexpr std::int64_t kMost = 1LL << 53; ///< of a number in JSON

/// Throws what the library throws where a number is none that FORMAT.md allows.
std::int64_t numberIn(const nlohmann::json& json, const char* name, std::int64_t least)
{
    const nlohmann::json& value = json.at(name);
    const bool isWhole = value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() < kMost);
    const std::int64_t number = isWhole ? value.get<std::int64_t>() : kMost;
    if (number < least || number >= kMost)
        throw nlohmann::json::out_of_range::create(0, name, nullptr);
    return number;
}

std::optional<domain::UtcTime> timeIn(const nlohmann::json& json, const char* name)
{
    return !json.contains(name) || json.at(name).is_null() ? std::nullopt
                                                           : std::optional{domain::timeOf(numberIn(json, name, 1 - kMost))};
}

/// Throws what the library throws where a field is missing or of another kind. What FORMAT.md leaves to the exporter may be
/// missing.
PackDescription descriptionOf(const nlohmann::json& json)
{
    const auto text = [&json](const char* name) { return json.at(name).get<std::string>(); };
    const auto mayBe = [&json](const char* name) { return json.value(name, std::string{}); };
    PackDescription description;
    description.origin = text("origin");
    description.size = static_cast<std::uint64_t>(numberIn(json, "size", 0));
    description.logKey = text("key");
    description.exporter = text("exporter");
    description.site = mayBe("site");
    description.adapter = mayBe("adapter");
    description.madeBy = mayBe("made_by");
    description.program = mayBe("program");
    description.filter = mayBe("filter");
    description.environment = domain::environmentOf(mayBe("environment")).value_or(domain::Environment::Production);
    description.period = {timeIn(json, "from"), timeIn(json, "to")};
    description.signedAt = timeIn(json, "signed_at").value_or(domain::UtcTime{});
    description.isChosen = text("attempts") != "all";
    description.hasPseudonyms = mayBe("tokens") == "pseudonyms";
    return description;
}

} // namespace

Result<PackFolder> PackFolder::open(const std::string& folder)
{
    constexpr auto kRemedy = "Name the folder or the .tar file that scrutineerctl export --evidence made";
    PackFolder pack{folder};
    if (std::error_code error; !fs::is_directory(folder, error))
        return failure(Fault::NotFound, fmt::format("there is no evidence pack {}", folder), kRemedy);
    const auto text = pack.read("data/pack.json", kLongestDescription);
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
    return fs::symlink_status(placeOf(path), error).type() == fs::file_type::regular;
}

Result<std::string> PackFolder::read(const std::string& path, std::uint64_t most) const
{
    std::error_code error;
    const std::uintmax_t size = has(path) ? fs::file_size(placeOf(path), error) : 0;
    if (error || !has(path))
        return failure(Fault::NotFound, fmt::format("{} is not in the pack", path));
    if (size > most)
        return failure(Fault::Corrupt, fmt::format("{} of the pack is longer than it can be", path), "Verify the pack");
    std::ifstream in{placeOf(path), std::ios::binary};
    std::string bytes(size, '\0');
    if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
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
    return source;
}

} // namespace scr::packed
