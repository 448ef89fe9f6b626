// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a view shows when it has nothing to show: connecting, no data, failed. Never an empty grey
// box, never a spinner without a word: a sentence, the reason, and the next step as a button.
// Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <functional>
#include <vector>

#include "connectors/base/result.h"
#include "widgets/common/icons.h"

class QBoxLayout;
class QLabel;
class QPushButton;

namespace weir {

class TextLabel;

class StatePage : public QWidget {
    Q_OBJECT
  public:
    struct Action {
        QString text;
        std::function<void()> run;
        bool primary = false;
    };

    explicit StatePage(QWidget* parent = nullptr);

    /// "Connecting to prod-kafka…", what is being done just now, and a way to stop it.
    void showConnecting(const QString& headline, const QString& detail,
                        std::vector<Action> actions = {});
    /// No data: the reason and the next step.
    void showEmpty(const QString& headline, const QString& reason,
                   std::vector<Action> actions = {});
    /// What failed, on which connection, what was tried, what the user can do.
    void showFailed(const Error& error, std::vector<Action> actions = {});

    QString headline() const;
    /// The one main action, else the first one; null: there is none.
    QWidget* firstFocus() const { return m_first; }
    QString detail() const;
    QSize minimumSizeHint() const override;

  private:
    void show_page(Icon which, Token tone, const QString& headline, const QString& detail,
                   const QString& small, std::vector<Action> actions);

    QWidget* m_inner;
    QLabel* m_icon;
    TextLabel* m_headline;
    TextLabel* m_detail;
    TextLabel* m_small;
    QBoxLayout* m_buttons;
    QWidget* m_first = nullptr;
    Icon m_which = Icon::Info;
    Token m_tone = Token::Muted;

  protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
};

} // namespace weir
