#include "store/installed_functions.h"

#include <map>
#include <string_view>

#include <QCryptographicHash>

#include <fmt/format.h>

#include "embedded/embedded.h"

namespace scr::store {

namespace {

/// Adds the functions that this text of ours creates, each by its name and the SHA-256 of its source between dollar signs.
void addFunctions(std::multimap<std::string, std::string>& known, std::string_view text)
{
    constexpr std::string_view kCreate = "CREATE FUNCTION ";
    constexpr std::string_view kReplace = "CREATE OR REPLACE FUNCTION ";
    for (std::size_t at = 0; (at = text.find("CREATE ", at)) != std::string_view::npos; ++at) {
        if (at > 0 && text[at - 1] != '\n')
            continue;
        const std::string_view from = text.substr(at);
        const bool replaces = from.starts_with(kReplace);
        if (!replaces && !from.starts_with(kCreate))
            continue;
        const std::string_view head = from.substr(replaces ? kReplace.size() : kCreate.size());
        const auto open = head.find("AS $$");
        const auto close = head.find("$$", open + 5);
        if (close == std::string_view::npos || head.substr(0, open).find(';') != std::string_view::npos)
            continue;
        const std::string name{head.substr(0, head.find('('))};
        const std::string_view source = head.substr(open + 5, close - open - 5);
        const QByteArray hash = QCryptographicHash::hash(
            QByteArray::fromRawData(source.data(), static_cast<qsizetype>(source.size())), QCryptographicHash::Sha256);
        if (replaces)
            known.erase(name);
        known.emplace(name, hash.toHex().toStdString());
    }
}

} // namespace

std::string installedFunctions()
{
    std::multimap<std::string, std::string> known;
    for (const std::string_view folder : {"sql/reference/0", "sql/adapters/reference/views", "sql/scrutineer/0"}) {
        for (const embedded::Text& text : embedded::texts()) {
            if (text.path.starts_with(folder))
                addFunctions(known, text.body);
        }
    }
    std::string lines;
    for (const auto& [name, hash] : known)
        lines += fmt::format("{}{} {}", lines.empty() ? "" : "\n", name, hash);
    return lines;
}

} // namespace scr::store
