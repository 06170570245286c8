#pragma once

#include <deque>
#include <optional>
#include <vector>

#include <QObject>

#include "actions/answer.h"
#include "domain/result.h"
#include "domain/review.h"
#include "ports/flag_source.h"
#include "ports/moderation.h"

namespace scr::actions {

/// Decides flags, one order after the other in the order they were given, and can take decisions back. The caller never waits
/// for the database: what came of an order is told by signals when the answer is there.
class ReviewAction : public QObject {
    Q_OBJECT
public:
    ReviewAction(ports::Moderation& moderation, ports::FlagSource& flags, QObject* parent = nullptr);

    void decide(const domain::RecordedFlag& flag, domain::Decision decision, const std::string& reason,
                std::optional<domain::UtcTime> snoozeUntil = {});
    void undo(); ///< reopens the flag decided last
    [[nodiscard]] int undoCount() const { return static_cast<int>(m_undo.size()); }
    [[nodiscard]] bool isBusy() const { return m_current.has_value(); }
    [[nodiscard]] int waiting() const { return static_cast<int>(m_waiting.size()) + (isBusy() ? 1 : 0); } ///< not answered yet
    /// Lets go of those that were not sent yet, and says how many; the one on its way is carried out. What a dropped undo would
    /// have taken back can be undone still.
    int dropWaiting();
    void forgetUndo(); ///< what was decided so far is taken back no more

signals:
    /// The flag as it stands after the decision; also after a refusal, when somebody else had decided.
    void changed(const scr::domain::RecordedFlag& flag);
    void decided(const scr::domain::ReviewEntry& entry);
    void failed(const scr::domain::FlagKey& flag, const scr::domain::Error& error);
    void undoCountChanged(int count);
    void undone(const scr::domain::FlagKey& flag); ///< after changed()
    void waitingChanged(int waiting);
    void idle(); ///< the last one was answered

private:
    struct Order {
        domain::ReviewOrder order;
        domain::RecordedFlag flag;
        bool isUndo{};
    };
    void enqueue(Order order);
    void sendNext();
    void takeAnswer(const domain::Result<domain::ReviewEntry>& answer);
    void takeFlag(const domain::Result<domain::RecordedFlag>& flag);

    ports::Moderation& m_moderation;
    ports::FlagSource& m_flags;
    std::deque<Order> m_waiting;
    std::optional<Order> m_current;
    std::vector<domain::RecordedFlag> m_undo; ///< as they stand after our decision
    Pending<domain::Result<domain::ReviewEntry>> m_answer;
    std::vector<domain::FlagKey> m_stale; ///< refused orders whose flags are read again, one after the other
    Pending<domain::Result<domain::RecordedFlag>> m_refetched;
};

} // namespace scr::actions
