"""What Gradio itself writes into its panel "Use via API", in Chinese.

By Gradio's own pieces of text, of which some are parts of a sentence; `{name}` stands for what they fill in. A piece
that another version of Gradio words otherwise stays English.
"""

from __future__ import annotations

PANEL = {
    # Above all languages of programs
    "documentation": " 文档",
    "API endpoint": " 个 API 端点",
    "CLI endpoint": " 个命令行端点",
    "MCP Tool": " 个 MCP 工具",
    "s": "",
    "API Recorder": "API 录制器",
    "Choose one of the following ways to interact with the API.": "选择以下一种方式使用 API。",
    "Copy Page": "复制整页",
    "Copied Page!": "已复制整页",
    "Open in HuggingChat": "在 HuggingChat 中打开",
    "1. Install the": "1. 安装 ",
    "client (": " 客户端（",
    "docs": "文档",
    ") if you don't already have it installed.": "），如果尚未安装。",
    "2. Find the API endpoint below corresponding to your desired function in the app. Copy the code snippet, "
    "replacing the placeholder values with your own input data.": (
        "2. 在下面找到与所需功能对应的 API 端点，复制代码，并把示例值换成自己的数据。"
    ),
    "Or use the": "也可以用 ",
    "to automatically generate your API requests.": " 自动生成 API 请求。",
    "1. Confirm that you have cURL installed on your system.": "1. 确认系统中已安装 cURL。",
    "1. Install the CLI if you don't already have it installed.": "1. 安装命令行工具，如果尚未安装。",
    "Gradio CLI": "Gradio 命令行",
    "HF CLI": "HF 命令行",
    "First, install the HF CLI.": "先安装 HF 命令行。",
    "On macOS and Linux:": "在 macOS 和 Linux 上：",
    "On Windows:": "在 Windows 上：",
    "Then, install the Gradio extension:": "再安装 Gradio 扩展：",
    "Making a prediction and getting a result requires": "得到一次结果需要",
    "2 requests": "两次请求",
    ": a": "：一次",
    "and a": "和一次",
    "request. The": "请求。",
    "request returns an": "请求返回",
    ", which is used in the second": "，再用于第二次",
    "request to fetch the results. In these snippets, we've used": "请求来取结果。这些代码用",
    "and": "和",
    "to parse the results, combining these two requests into one command for ease of use.": (
        "读取结果，把两次请求合成一条命令，便于使用。"
    ),
    "If your endpoint accepts files, you must first upload them via a": "如果端点需要文件，先用",
    "to": "上传到",
    ", then reference the returned path with the": "，再把返回的路径写在",
    "key:": "键下：",
    "See": "见",
    "curl docs": "curl 文档",
    # Each endpoint
    "API name:": "API 名称：",
    "Accepts {count} parameters": "接受 {count} 个参数",
    "Accepts {count} parameter": "接受 {count} 个参数",
    "Accepts a JSON object with {count} keys": "接受有 {count} 个键的 JSON 对象",
    "Accepts a JSON object with {count} key": "接受有 {count} 个键的 JSON 对象",
    "Accepts no parameters": "不接受参数",
    "Required": "必填",
    "Default:": "默认值：",
    'The input value that is provided in the "{label}" {component} component. {told}': "{told}",
    "Returns": "返回",
    "Returns {count} element": "返回 {count} 个值",
    "1 element": " 1 个值",
    "an array of 1 element": "有 1 个值的数组",
    'The output value that appears in the "{label}" Json component.': "结果，一个 JSON 值。",
    # Tools of the Model Context Protocol
    "Transport:": "传输方式：",
    "MCP Server URL (Streamable HTTP)": "MCP 服务器地址（Streamable HTTP）",
    "MCP Server URL (SSE)": "MCP 服务器地址（SSE）",
    "{count} Available MCP Tools (": "{count} 个可用的 MCP 工具（",
    "), Resources (": "）、资源（",
    "), and Prompts (": "）和提示词（",
    "Select All": "全选",
    "Select None": "全不选",
    "Takes no input parameters": "不需要参数",
    "Streamable HTTP Transport": "Streamable HTTP 传输",
    ": To add this MCP to clients that support Streamable HTTP, simply add the following configuration to your MCP "
    "config.": "：在支持 Streamable HTTP 的客户端中，把以下内容加入 MCP 配置即可。",
    "STDIO Transport": "STDIO 传输",
    ": For clients that only support stdio (e.g. Claude Desktop), first": (
        "：只支持 stdio 的客户端（如 Claude Desktop），先"
    ),
    "install Node.js": "安装 Node.js",
    ". Then, you can use the following command:": "，然后使用以下命令：",
    "Include Gradio file upload tool": "包括 Gradio 的文件上传工具",
    "The": "工具",
    "tool uploads files from your local": "把本机",
    "(or any of its subdirectories) to the Gradio app. This is needed because MCP servers require files to be "
    "provided as URLs. You can omit this tool if you prefer to upload files manually. This tool requires": (
        "（或其子目录）中的文件上传到 Gradio 应用，因为 MCP 服务器要求以网址提供文件。"
        "如果想手动上传，可以不用它。它需要先安装"
    ),
    "to be installed.": "。",
    "Read more about MCP in the Gradio docs": "在 Gradio 文档中了解 MCP",
}
