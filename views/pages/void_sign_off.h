#pragma once

#include <QWidget>

#include "actions/void_action.h"
#include "domain/source.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace scr::widgets {
class DigestView;
class ElidedLabel;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

/// A void that a second person has to approve can only be proposed here.
[[nodiscard]] bool onlyProposes(const actions::VoidAction& action, const domain::Source& source);

/// The right side of a preview, where it is signed: reason, who, digest, steps, the typed number of votes. Cancel is the default;
/// the destructive button wakes up when the number was typed and a reason given.
class VoidSignOff : public QWidget {
    Q_OBJECT
public:
    explicit VoidSignOff(actions::VoidAction& action, QWidget* parent = nullptr);

    void setSource(const domain::Source& source, const QString& elevatedLabel);
    void show(const domain::VoidPlan& plan);
    using QWidget::show;

signals:
    void closed(); ///< Cancel, or back after it is done

private:
    QWidget* makeReason();
    QWidget* makePeople();
    QWidget* makeSteps();
    QWidget* makeSign();
    QWidget* makeButtons();
    void takeStage(actions::VoidAction::Stage stage);
    void updateSign();
    void run();

    actions::VoidAction& m_action;
    domain::Source m_source;
    QString m_elevatedLabel;

    widgets::TextLabel* m_title{};
    widgets::ElidedLabel* m_request{};
    QPlainTextEdit* m_reason{};
    widgets::TextLabel* m_people{};
    widgets::DigestView* m_digest{};
    widgets::TextLabel* m_steps{};
    widgets::TextLabel* m_typeLabel{};
    QLineEdit* m_typed{};
    widgets::TextLabel* m_match{};
    QPushButton* m_cancel{};
    QPushButton* m_withdraw{};
    QPushButton* m_go{};
};

} // namespace scr::pages
