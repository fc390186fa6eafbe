import '#client/styles/tokens.css'
import '#client/styles/base.css'
import { mount } from 'svelte'
import Faces from './Faces.svelte'

mount(Faces, { target: document.getElementById('app')! })
