// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of a dimension among the events of a reason, as ranked bars: how many each, and which
// share that is of all events of the value. One is chosen, by a click or the arrow keys.
// Thread contract: GUI thread only. Bound: values_max.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

namespace weir {

class ValueBars : public QWidget {
    Q_OBJECT
  public:
    static constexpr std::size_t values_max = 30;
    struct Value {
        QString text;
        std::uint64_t events = 0;
        std::optional<double> share; // of all events that have it
    };
    explicit ValueBars(QWidget* parent = nullptr);

    /// The most events first.
    void setValues(std::vector<Value> values);
    const std::vector<Value>& values() const { return m_values; }
    int chosen() const { return m_chosen; }
    void setChosen(int index);
    /// "4.7.1: 1,204 events, 12.4 % of all that have it"
    QString sentence(int index) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {140, sizeHint().height()}; }

  Q_SIGNALS:
    void activated(); // the chosen one's events are wanted

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

  private:
    int rowAt(const QPointF& where) const;
    void drawRow(QPainter& painter, const QRectF& where, int index, double most) const;

    std::vector<Value> m_values;
    int m_chosen = 0;
};

} // namespace weir
