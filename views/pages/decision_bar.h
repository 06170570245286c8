#pragma once

#include <vector>

#include <QString>

#include "domain/review.h"
#include "widgets/text_label.h"

class QLineEdit;
class QPushButton;

namespace scr::pages {

/// The bar under a flag: a button a verdict with its key, the reason, and undo.
class DecisionBar : public widgets::Band {
    Q_OBJECT
public:
    explicit DecisionBar(QWidget* parent = nullptr);

    void setCanDecide(bool can);
    void setUndoCount(int count);
    void editReason();
    [[nodiscard]] QString takeReason(); ///< trimmed; the field is empty afterwards

signals:
    void decided(scr::domain::Decision decision);
    void undoWanted();
    void reasonEntered(); ///< Enter in the field

private:
    QPushButton* addVerdict(const QString& text, const QString& key, domain::Decision decision);

    std::vector<QPushButton*> m_verdicts;
    QLineEdit* m_reason{};
    QPushButton* m_undo{};
};

} // namespace scr::pages
