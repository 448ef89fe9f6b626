// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bar at the bottom: facts about connections, stream and memory on the left, the clock on the
// right. Repaints only what it is told anew, in figures that stand still.
// Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <vector>

#include "app/gui/status_facts.h"

class QTimer;
class QToolButton;

namespace weir {

class StatusBar : public QWidget {
    Q_OBJECT
  public:
    explicit StatusBar(QWidget* parent = nullptr);
    void setFacts(const std::vector<StatusFact>& facts);
    /// Of the button that leads to the read limits; empty: it is not there.
    void setLimit(const QString& text);
    QToolButton* limitButton() const { return m_limit; }
    void setClock(const QString& text, const QString& tooltip);
    /// For a moment, instead of the facts: the answer to something the user just did.
    void say(const QString& message);
    /// Everything it shows, for tests and screen readers.
    QString text() const;

  protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void placeLimit();
    qreal roomForFacts() const;
    std::vector<std::pair<QRectF, std::size_t>> boxes() const;

    std::vector<StatusFact> m_facts;
    QToolButton* m_limit;
    QString m_clock;
    QString m_clock_tooltip;
    QString m_message;
    QTimer* m_message_timer;
};

} // namespace weir
