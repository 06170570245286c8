#pragma once

#include <vector>

#include "actions/answer.h"
#include "ports/moderation.h"
#include "widgets/banner.h"

namespace scr::shell {

/// Requests of this source whose outcome never became known: says how many, and sends them again. Hidden while there are none.
class DoubtBanner : public widgets::Banner {
    Q_OBJECT
public:
    explicit DoubtBanner(ports::Moderation& moderation, QWidget* parent = nullptr);

    [[nodiscard]] bool isSending() const { return m_resent.isRunning(); }
    void look(); ///< reads the journal anew; not while an order is on its way, which is unfinished too

signals:
    void settled(); ///< what was sent again may have changed anything
    void noticed(const QString& sentence);

private:
    void takeUnfinished(const domain::Result<std::vector<ports::UnfinishedOrder>>& unfinished);
    void takeResent(const domain::Result<std::vector<ports::ResentOrder>>& resent);

    ports::Moderation& m_moderation;
    bool m_inDoubt = false;
    actions::Pending<domain::Result<std::vector<ports::UnfinishedOrder>>> m_unfinished;
    actions::Pending<domain::Result<std::vector<ports::ResentOrder>>> m_resent;
};

} // namespace scr::shell
