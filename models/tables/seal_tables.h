#pragma once

#include <map>

#include "jobs/seal_reading.h"
#include "tables/row_table_model.h"

namespace scr::tables {

/// Checkpoints, newest first.
class CheckpointListModel : public RowTableModel<jobs::CheckpointLine> {
    Q_OBJECT
public:
    enum class Column { Size, Signed, Root, Witnessed, Count };
    explicit CheckpointListModel(QObject* parent = nullptr);
};

/// "2266 3685": the beginning of a hash, as people compare it.
[[nodiscard]] QString hashShort(const std::string& hex);

/// Whether entries have waited for minutes, which a sealer that runs leaves for a second.
[[nodiscard]] bool isSealLate(const jobs::SealReading& reading);
/// For the status bar: "sealed to 184,220, 3 s ago"; or that it is late.
[[nodiscard]] QString sealStatusText(const jobs::SealReading& reading, domain::UtcTime now);
/// For the page's head: "184,220 sealed · 5 waiting for the next checkpoint".
[[nodiscard]] QString sealHeadText(const jobs::SealReading& reading);
/// For the head of the list: "signed 3 s ago, key example.org/log".
[[nodiscard]] QString signedText(const jobs::SealReading& reading, domain::UtcTime now);

/// A proof in words and short hashes.
struct ProofWords {
    struct Step {
        QString given;
        bool givenIsLeft{};
        QString result;
    };
    QString leaf;     ///< "leaf 184,098"
    QString leafHash; ///< short
    QString root;     ///< "root of 184,220"
    std::vector<Step> steps;
    QString took;    ///< "15 hashes, checked in 0.2 ms"
    QString problem; ///< empty: it is in the log
    QString entry;   ///< its bytes as they are
};
[[nodiscard]] ProofWords wordsOf(const jobs::LeafProof& proof);
/// A checkpoint as one line of text.
[[nodiscard]] QString lineOf(const jobs::CheckpointLine& checkpoint);

/// What a verification came to, in one sentence.
[[nodiscard]] QString verifiedText(const jobs::VerifyReport& report);
/// What is to be known of a log that is as it was signed, such as a bad signature in the name of a witness.
[[nodiscard]] QString remarksText(const jobs::VerifyReport& report);
/// The finding that a person should look at first, and whether it has a place in the list of entries.
[[nodiscard]] QString findingText(const audit::LogFinding& finding);
/// The first finding about an entry that the list of entries can show; nothing when there is none.
[[nodiscard]] std::optional<audit::LogFinding> firstShown(const jobs::VerifyReport& report);
/// What to mark in the list of entries.
[[nodiscard]] std::map<std::uint64_t, std::string> problemsOf(const jobs::VerifyReport& report);

} // namespace scr::tables
