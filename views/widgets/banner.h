#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace scr::widgets {

/// One sentence across a pane with at most two buttons; below it, when given, a numbered list of details.
class Banner : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Info, Ok, Warning, Danger };
    explicit Banner(QWidget* parent = nullptr); ///< hidden until something is presented

    /// `lead` in weight, then `text`. Without `button` there is none; `other` is what may be done instead of it.
    void present(Kind kind, const QString& lead, const QString& text = {}, const QString& button = {}, const QString& other = {});
    void setDetails(const QStringList& details);
    void dismiss();
    [[nodiscard]] Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] QPushButton* button() const noexcept { return m_button; }
    [[nodiscard]] QPushButton* otherButton() const noexcept { return m_other; }

signals:
    void buttonClicked();
    void otherClicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Sentence;

    Kind m_kind = Kind::Info;
    Sentence* m_sentence{};
    QPushButton* m_button{};
    QPushButton* m_other{};
    QWidget* m_detailBox{};
    QVBoxLayout* m_details{};
};

} // namespace scr::widgets
