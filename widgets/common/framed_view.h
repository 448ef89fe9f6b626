// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What views that show one thing beside another have in common: a line of tools, a line that says
// how things stand, and below it either what there is, in two parts with a splitter between, or a
// page that says why there is nothing. Each part but the last is only there if it was asked for.
// Thread contract: GUI thread only.
#pragma once

#include <QKeySequence>

#include <array>
#include <functional>

#include "widgets/common/theme.h"
#include "widgets/common/view.h"

class QHBoxLayout;
class QLineEdit;
class QSplitter;
class QStackedWidget;

namespace weir {

class StatePage;
class TextLabel;

class FramedView : public View {
    Q_OBJECT
  public:
    QJsonObject layoutState() const override;
    void restoreLayout(const QJsonObject& state) override;
    QList<QAction*> commands() const override { return m_commands; }
    /// Of the page that is shown instead of the content, else the content's own.
    QWidget* firstFocus() override;

    StatePage* statePage() const { return m_state; }
    QString statusText() const;
    QString noteText() const;

  protected:
    explicit FramedView(QWidget* parent);
    ~FramedView() override;

    /// A field that Ctrl+L leads to, once a command is added for it; goes into the line of tools.
    QLineEdit* addSearch(const QString& placeholder, const QString& name);
    void addTool(QWidget* tool);
    /// The line that says how things stand, and what the last action did.
    void addStatusLine(const QString& name);
    /// Two parts with a splitter between them, the first `share` times as stretchable.
    struct Sides {
        Qt::Orientation orientation = Qt::Horizontal;
        std::array<int, 2> sizes{};   // px, at first
        std::array<int, 2> stretch{}; // factors
    };
    QWidget* makeSplitter(const Sides& sides, QWidget* first, QWidget* second);
    /// `part` on a card that is at least `least_px` long in the splitter's direction.
    QWidget* onCard(QWidget* part, Qt::Orientation orientation, int least_px);
    /// To be called once, when the lines above it are there.
    void setContent(QWidget* content);
    /// The parent of what setContent() gets.
    QWidget* contentParent() const;

    void setStatus(const QString& text, Token tone);
    void note(const QString& text);
    void showContent();
    bool showsContent() const;
    /// The page instead of the content. `fill` is called when `key` is another than before.
    void showPage(const QString& key, const std::function<void(StatePage&)>& fill);
    /// Where the keyboard goes when there is something to see, and when the page has no button.
    virtual QWidget* contentFocus() = 0;
    virtual QWidget* pageFocus() { return this; }

    /// A command of the palette; with `keys` it works wherever the view is on screen.
    void addCommand(const QString& text, const QKeySequence& keys, std::function<void()> run);
    /// The command that leads to the search field.
    void addSearchCommand(const QString& text);

  private:
    QStackedWidget* m_stack = nullptr;
    StatePage* m_state = nullptr;
    QWidget* m_content = nullptr;
    QSplitter* m_splitter = nullptr;
    QWidget* m_tools = nullptr;
    QHBoxLayout* m_tool_layout = nullptr;
    QHBoxLayout* m_status_layout = nullptr;
    QLineEdit* m_search = nullptr;
    TextLabel* m_status = nullptr;
    TextLabel* m_note = nullptr;
    QString m_page_key;
    QList<QAction*> m_commands;
};

} // namespace weir
