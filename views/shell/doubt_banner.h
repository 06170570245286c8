#pragma once

#include <vector>

#include "actions/answer.h"
#include "ports/moderation.h"
#include "widgets/banner.h"

namespace scr::shell {

/// Requests of this source whose outcome never became known: says which, and sends them again or gives them up. Hidden while
/// there are none.
class DoubtBanner : public widgets::Banner {
    Q_OBJECT
public:
    explicit DoubtBanner(ports::Moderation& moderation, QWidget* parent = nullptr);

    [[nodiscard]] bool isSending() const { return m_settled.isRunning(); }
    void look(); ///< reads the journal anew; not while an order is on its way, which is unfinished too

signals:
    /// The database has told what became of these, which may have changed anything.
    void settled(const std::vector<scr::domain::RequestId>& requests);
    void noticed(const QString& sentence);

private:
    void takeUnfinished(const domain::Result<std::vector<ports::UnfinishedOrder>>& unfinished);
    void takeSettled(const domain::Result<std::vector<ports::SettledOrder>>& outcomes);

    ports::Moderation& m_moderation;
    std::vector<ports::UnfinishedOrder> m_shown; ///< what the buttons are about; empty: nothing is in doubt
    actions::Pending<domain::Result<std::vector<ports::UnfinishedOrder>>> m_unfinished;
    actions::Pending<domain::Result<std::vector<ports::SettledOrder>>> m_settled;
};

} // namespace scr::shell
