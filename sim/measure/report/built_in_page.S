# The page's program and its style, as esbuild made them; empty if the build had no esbuild.
    .section .rodata
    .global herdsim_page_script
    .global herdsim_page_script_end
    .global herdsim_page_style
    .global herdsim_page_style_end
    .global herdsim_page_licences
    .global herdsim_page_licences_end
herdsim_page_script:
    .incbin HERDSIM_PAGE_SCRIPT
herdsim_page_script_end:
    .byte 0
herdsim_page_style:
    .incbin HERDSIM_PAGE_STYLE
herdsim_page_style_end:
    .byte 0
herdsim_page_licences:
    .incbin HERDSIM_PAGE_LICENCES
herdsim_page_licences_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
