#pragma once

#include <vector>

#include <QString>
#include <QWidget>

namespace scr::widgets {

/// The way from an entry to a signed root: from the leaf at the bottom every hash that is computed here, and beside it the one
/// that the proof gives.
class ProofPath : public QWidget {
    Q_OBJECT
public:
    struct Step {
        QString given;
        bool givenIsLeft{};
        QString result;
    };
    explicit ProofPath(QWidget* parent = nullptr);

    /// `leaf` and `root` are what stands beside the two ends.
    void show(const QString& leaf, const QString& leafHash, std::vector<Step> steps, const QString& root, bool isGood);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Row;
    void paintBox(QPainter& painter, const QRectF& box, const QString& text, bool isComputed, bool isEnd) const;
    [[nodiscard]] QRectF boxAt(std::size_t row, int side) const;

    QString m_leaf;
    QString m_leafHash;
    QString m_root;
    std::vector<Step> m_steps;
    bool m_isGood = true;
};

} // namespace scr::widgets
